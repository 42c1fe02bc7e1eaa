import { ArrayMap, HashMap } from 'yeet:bpf';
import { all, failure, text } from '../../../fixtures/spec/check.ts';
import object from '../../../fixtures/spec/maps.bpf.o';

const control = await object.bind('counts', { kind: 'hash' }).bind('slots', { kind: 'array' }).start();
const counts = new HashMap<number, bigint>(control, 'counts');
const bad: unknown[] = [
  [
    [1, 1n],
    [2, -1n],
  ],
  [
    [1, 1n],
    [2 ** 32, 1n],
  ],
  [[1, 1n], [2]],
  [
    [1, 1n],
    [2, 2n, 3n],
  ],
  [[1, 1n], 'ab'],
  [[1, 1n], null],
  'ab',
  3,
  undefined,
  { 1: 1n },
];
for (const pairs of bad) console.log(await failure(() => counts.updateBatch(pairs as [number, bigint][])));
function* throws(): Generator<[number, bigint]> {
  yield [1, 1n];
  throw new RangeError('of the iterable');
}
await counts.updateBatch(throws()).catch((error: Error) => console.log(String(error)));
console.log((await all(counts.entries())).length);

const slots = new ArrayMap(control, 'slots');
console.log(
  await failure(() =>
    slots.updateBatch([
      [0, { packets: 1n }],
      [16, { packets: 1n }],
    ]),
  ),
);
console.log(text(await slots.lookup(0)));
await control.stop();
