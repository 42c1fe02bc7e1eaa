import { HashMap, LruHashMap } from 'yeet:bpf';
import { all, failure, text } from '../../../fixtures/spec/check.ts';
import object from '../../../fixtures/spec/maps.bpf.o';

const control = await object.bind('wide', { kind: 'hash' }).bind('recent', { kind: 'lru_hash' }).start();
const wide = new HashMap<number, bigint>(control, 'wide');
console.log(text(await wide.lookupBatch()), text(await wide.lookupBatch(10)));
await wide.updateBatch(Array.from({ length: 10_000 }, (_, i): [number, bigint] => [i, BigInt(i)]));
const page = await wide.lookupBatch(100);
console.log(
  page.length,
  new Set(page.map(([key]) => key)).size,
  page.every(([key, value]) => value === BigInt(key)),
);
console.log(text(await wide.lookupBatch(100)) === text(page));
for (const count of [1, 3, 9_999, 10_000, 10_001]) console.log(count, (await wide.lookupBatch(count)).length);
console.log((await wide.lookupBatch()).length > 0, (await all(wide.keys())).length);
for (const count of [0, -1, 1.5, NaN, '5', 2 ** 32])
  console.log(await failure(() => wide.lookupBatch(count as number)));
const recent = new LruHashMap<number, bigint>(control, 'recent');
await recent.update(1, 2n);
console.log(text(await recent.lookupBatch(10)));
await control.stop();
