import { DataSec, HashMap } from 'yeet:bpf';
import { sleep } from '../../../fixtures/spec/check.ts';
import object from '../../../fixtures/spec/maps.bpf.o';

// The process `pid` makes 600,000 system calls; with each, a program inserts a key that it never inserts again, with itself as the value.
const control = await object.bind('wide', { kind: 'hash' }).bind('.bss', { kind: 'data' }).start();
const wide = new HashMap<number, bigint>(control, 'wide');
const bss = new DataSec(control, '.bss');
await bss.patch({ churn_pid: Number(yeet.args.pid), churn_inserts_only: 1 });
console.log('ready');

const seen = new Set<number>();
const tally = { twice: 0, wrong: 0 };
let drained = 0;
let idle = 0;
for (let count = 1; idle < 5; count = (count * 7) % 5003) {
  const page = await wide.drainBatch(count);
  for (const [key, value] of page) {
    if (seen.has(key)) tally.twice++;
    if (value !== BigInt(key)) tally.wrong++;
    seen.add(key);
  }
  drained += page.length;
  if (page.length > 0) idle = 0;
  else if (drained > 0) idle++;
  if (page.length === 0) await sleep(20);
}
const { churned, refused } = await bss.read();
console.log(churned > 600_000n, BigInt(seen.size) + refused === churned, tally);
await control.stop();
