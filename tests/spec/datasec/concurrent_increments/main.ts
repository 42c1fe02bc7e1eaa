import { ArrayMap, DataSec } from 'yeet:bpf';
import { sleep, until } from '../../../fixtures/spec/check.ts';
import object from '../../../fixtures/spec/sections.bpf.o';

// The process `pid` waits for SIGCONT and then makes 800,000 calls; the program counts each in .bss and in a map.
const target_pid = BigInt(String(yeet.args.pid));
const control = await object
  .bind('.rodata', { kind: 'data', init: { target_pid } })
  .bind('.bss', { kind: 'data' })
  .bind('exact', { kind: 'array' })
  .start();
const bss = new DataSec(control, '.bss');
const exact = new ArrayMap<bigint>(control, 'exact');
const hits = (): Promise<bigint> => bss.read('hits');

console.log('ready');
await until(async () => (await hits()) > 1000n, 'the process runs');
const before = await hits();
for (let i = 0; i < 100_000; i++) {
  if (i % 4 === 0) await bss.patch({ label: String(i), untouched: BigInt(i) });
  else await bss.patch('untouched', BigInt(i));
}
console.log('counted meanwhile:', (await hits()) - before > 10_000n);
let last = -1n;
await until(async () => {
  const now = await hits();
  const done = now === last;
  last = now;
  if (!done) await sleep(300);
  return done;
}, 'the process is done');
console.log((await exact.lookup(0)) === last, last > 800_000n, await bss.read('untouched'), await bss.read('label'));
await control.stop();
