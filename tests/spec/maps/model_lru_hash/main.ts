import { type BpfError, LruHashMap } from 'yeet:bpf';
import { all, equal, Random } from '../../../fixtures/spec/check.ts';
import object from '../../../fixtures/spec/maps.bpf.o';

// Random sequences of calls, and a model in JavaScript that must answer the same. A seed as argument repeats a run.
const seed = Number(yeet.args.seed ?? Math.floor(Math.random() * 2 ** 31));
const random = new Random(seed);
const SEQUENCES = 10_000;
const control = await object.bind('recent', { kind: 'lru_hash' }).start();
const map = new LruHashMap<number, bigint>(control, 'recent');
const { max_entries } = map.info();
// The last value of each key that was written and not removed since; the map may have evicted it.
const model = new Map<number, bigint>();
const key = (): number => random.below(400);
const value = (): bigint => BigInt(random.below(2 ** 32));

async function step(): Promise<void> {
  const k = key();
  const v = value();
  switch (random.below(8)) {
    case 0:
    case 1:
    case 2:
      await map.update(k, v);
      model.set(k, v);
      equal(await map.lookup(k), v, 'lookup right after update');
      break;
    case 3: {
      const found = await map.lookup(k);
      if (found !== undefined) equal(found, model.get(k), 'lookup');
      break;
    }
    case 4: {
      const there = (await map.lookup(k)) !== undefined;
      const result = await map.delete(k).then(
        () => true,
        (error: BpfError) => error.code,
      );
      equal(result, there ? true : 'NotFound', 'delete');
      model.delete(k);
      break;
    }
    case 5: {
      const pairs = Array.from({ length: random.below(12) }, (): [number, bigint] => [key(), value()]);
      await map.updateBatch(pairs);
      for (const [pairKey, pairValue] of pairs) model.set(pairKey, pairValue);
      break;
    }
    case 6: {
      const page = await map.lookupBatch(1 + random.below(20));
      for (const [pageKey, pageValue] of page) equal(pageValue, model.get(pageKey), 'lookupBatch');
      break;
    }
    default:
      for (const [pageKey, pageValue] of await map.drainBatch(1 + random.below(20))) {
        equal(pageValue, model.get(pageKey), 'drainBatch');
        equal(await map.lookup(pageKey), undefined, 'lookup after drainBatch');
        model.delete(pageKey);
      }
  }
}

for (let sequence = 0; sequence < SEQUENCES; sequence++) {
  try {
    for (let left = 1 + random.below(6); left > 0; left--) await step();
    const entries = await all(map.entries());
    equal(entries.length <= max_entries, true, 'size');
    equal(new Set(entries.map(([k]) => k)).size, entries.length, 'each key once');
    for (const [k, v] of entries) equal(v, model.get(k), `contents, key ${k}`);
    if (random.below(50) === 0) {
      equal(await map.clear(), entries.length, 'clear');
      model.clear();
    }
  } catch (error) {
    throw new Error(`seed ${seed}, sequence ${sequence}`, { cause: error });
  }
}
await control.stop();
console.log('equal');
