import { HashMap, LruHashMap } from 'yeet:bpf';
import { all } from '../../../fixtures/spec/check.ts';
import object from '../../../fixtures/spec/maps.bpf.o';

const control = await object.bind('wide', { kind: 'hash' }).bind('recent', { kind: 'lru_hash' }).start();
const wide = new HashMap<number, bigint>(control, 'wide');
console.log(await wide.updateBatch([]), (await all(wide.keys())).length);
await wide.updateBatch([
  [1, 1n],
  [2, 2n],
  [1, 3n],
]);
console.log(await wide.lookup(1), await wide.lookup(2));
await wide.updateBatch(
  new Map([
    [2, 20n],
    [3, 30n],
  ]),
);
console.log(await wide.lookup(2), await wide.lookup(3));
const many = Array.from({ length: 20_000 }, (_, i): [number, bigint] => [i, BigInt(i)]);
await wide.updateBatch(many);
console.log((await all(wide.entries())).filter(([key, value]) => value === BigInt(key)).length);
const recent = new LruHashMap<number, bigint>(control, 'recent');
await recent.updateBatch(many);
const { max_entries } = recent.info();
const left = await all(recent.entries());
console.log(
  left.length > 0 && left.length <= max_entries,
  left.every(([key, value]) => value === BigInt(key)),
);
await control.stop();
