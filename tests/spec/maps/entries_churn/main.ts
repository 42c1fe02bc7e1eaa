import { DataSec, HashMap } from 'yeet:bpf';
import { until } from '../../../fixtures/spec/check.ts';
import object from '../../../fixtures/spec/maps.bpf.o';

// The process `pid` makes system calls as fast as it can; with each, a program removes one of the keys from 10000 on and puts another in.
const STABLE = 5000;
const control = await object.bind('wide', { kind: 'hash' }).bind('.bss', { kind: 'data' }).start();
const wide = new HashMap<number, bigint>(control, 'wide');
const bss = new DataSec(control, '.bss');
await wide.updateBatch(Array.from({ length: STABLE }, (_, key): [number, bigint] => [key, BigInt(key)]));
await bss.patch('churn_pid', Number(yeet.args.pid));
const churned = (): Promise<bigint> => bss.read('churned');
console.log('ready');
await until(async () => (await churned()) > 10_000n, 'the churn begins');

const before = await churned();
const end = performance.now() + Number(yeet.args.seconds) * 1000;
const batchSizes = [undefined, 1, 16, 256, 4096, 50_000];
const tally = { walks: 0, missing: 0, twice: 0, wrong: 0, foreign: 0, passing: 0 };
while (performance.now() < end) {
  const batchSize = batchSizes[tally.walks % batchSizes.length];
  const seen = new Uint8Array(STABLE);
  for await (const [key, value] of wide.entries(batchSize === undefined ? {} : { batchSize })) {
    if (key >= 10_000) {
      tally.passing++;
      if (key >= 15_000) tally.foreign++;
      continue;
    }
    if (key >= STABLE) tally.foreign++;
    else {
      const before = seen[key] ?? 0;
      if (before > 0) tally.twice++;
      seen[key] = before + 1;
    }
    if (value !== BigInt(key)) tally.wrong++;
  }
  tally.missing += seen.filter((count) => count === 0).length;
  tally.walks++;
}
const steps = (await churned()) - before;
console.log('enough');
const { walks, passing, ...faults } = tally;
console.log(walks >= batchSizes.length, passing > 0, steps > 10_000n);
console.log(faults);
await control.stop();
