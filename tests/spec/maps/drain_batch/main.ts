import { HashMap, LruHashMap } from 'yeet:bpf';
import { all, failure, text } from '../../../fixtures/spec/check.ts';
import object from '../../../fixtures/spec/maps.bpf.o';

const control = await object.bind('wide', { kind: 'hash' }).bind('recent', { kind: 'lru_hash' }).start();
const wide = new HashMap<number, bigint>(control, 'wide');
console.log(text(await wide.drainBatch()), text(await wide.drainBatch(5)));
await wide.updateBatch(Array.from({ length: 10_000 }, (_, i): [number, bigint] => [i, BigInt(i)]));
const seen = new Map<number, bigint>();
for (const count of [1, 2, 3, 100, 4_000]) {
  const taken = await wide.drainBatch(count);
  for (const [key, value] of taken) seen.set(key, value);
  console.log(count, taken.length, (await all(wide.keys())).length);
}
for (;;) {
  const taken = await wide.drainBatch(1_000);
  for (const [key, value] of taken) seen.set(key, value);
  if (taken.length === 0) break;
}
console.log(
  seen.size,
  [...seen].every(([key, value]) => value === BigInt(key)),
  (await all(wide.keys())).length,
);
for (const count of [0, -1, 'x']) console.log(await failure(() => wide.drainBatch(count as number)));
const recent = new LruHashMap<number, bigint>(control, 'recent');
await recent.updateBatch([
  [1, 2n],
  [3, 4n],
]);
console.log(text((await recent.drainBatch(10)).sort(([a], [b]) => a - b)), (await all(recent.keys())).length);
await control.stop();
