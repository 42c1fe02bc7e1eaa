import { LruHashMap } from 'yeet:bpf';
import { all } from '../../../fixtures/spec/check.ts';
import object from '../../../fixtures/spec/maps.bpf.o';

const control = await object.bind('recent', { kind: 'lru_hash' }).start();
const recent = new LruHashMap<number, bigint>(control, 'recent');
const { max_entries } = recent.info();
for (let key = 0; key < max_entries * 10; key++) {
  await recent.update(key, BigInt(key));
  if ((await recent.lookup(key)) !== BigInt(key)) throw new Error(`key ${key} is gone right after its update`);
}
const left = await all(recent.entries());
console.log(
  left.length > 0 && left.length <= max_entries,
  left.every(([key, value]) => value === BigInt(key)),
);
console.log(await recent.lookup(0));
await control.stop();
