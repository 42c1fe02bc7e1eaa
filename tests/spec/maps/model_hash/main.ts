import { type BpfError, HashMap } from 'yeet:bpf';
import { all, equal, Random } from '../../../fixtures/spec/check.ts';
import object from '../../../fixtures/spec/maps.bpf.o';

// Random sequences of calls, and a model in JavaScript that must answer the same. A seed as argument repeats a run.
const seed = Number(yeet.args.seed ?? Math.floor(Math.random() * 2 ** 31));
const random = new Random(seed);
const SEQUENCES = 10_000;
const control = await object.bind('counts', { kind: 'hash' }).start();
const map = new HashMap<number, bigint>(control, 'counts');
const { max_entries } = map.info();
const model = new Map<number, bigint>();
const sorted = (pairs: Iterable<[number, bigint]>): [number, bigint][] => [...pairs].sort(([a], [b]) => a - b);
const key = (): number => random.below(90);
const value = (): bigint => BigInt(random.below(2 ** 32)) * BigInt(random.below(2 ** 32));

async function step(): Promise<void> {
  const k = key();
  const v = value();
  switch (random.below(9)) {
    case 0:
    case 1:
    case 2: {
      const full = model.size === max_entries && !model.has(k);
      const result = await map.update(k, v).then(
        () => 'ok',
        (error: BpfError) => error.code,
      );
      equal(result, full ? 'E2BIG' : 'ok', 'update');
      if (!full) model.set(k, v);
      break;
    }
    case 3:
    case 4:
      equal(await map.lookup(k), model.get(k), 'lookup');
      break;
    case 5: {
      const result = await map.delete(k).then(
        () => true,
        (error: BpfError) => error.code,
      );
      equal(result, model.delete(k) ? true : 'NotFound', 'delete');
      break;
    }
    case 6: {
      // As the kernel does: one after the other until one does not fit.
      const pairs = Array.from({ length: random.below(12) }, (): [number, bigint] => [key(), value()]);
      let applied = 0;
      for (const [pairKey, pairValue] of pairs) {
        if (model.size === max_entries && !model.has(pairKey)) break;
        model.set(pairKey, pairValue);
        applied++;
      }
      const result = await map.updateBatch(pairs).then(
        () => pairs.length,
        (error: BpfError) => error.applied,
      );
      equal(result, applied, 'updateBatch');
      break;
    }
    case 7: {
      const keys = Array.from({ length: random.below(6) }, key);
      let applied = 0;
      for (const one of keys) {
        if (!model.delete(one)) break;
        applied++;
      }
      const result = await map.deleteBatch(keys).then(
        () => keys.length,
        (error: BpfError) => error.applied,
      );
      equal(result, applied, 'deleteBatch');
      break;
    }
    default: {
      const count = 1 + random.below(20);
      if (random.below(2) === 0) {
        const page = await map.lookupBatch(count);
        equal(page.length, Math.min(count, model.size), 'lookupBatch');
        for (const [pageKey, pageValue] of page) equal(pageValue, model.get(pageKey), 'lookupBatch');
      } else {
        const page = await map.drainBatch(count);
        equal(page.length, Math.min(count, model.size), 'drainBatch');
        for (const [pageKey, pageValue] of page) {
          equal(pageValue, model.get(pageKey), 'drainBatch');
          model.delete(pageKey);
        }
      }
    }
  }
}

for (let sequence = 0; sequence < SEQUENCES; sequence++) {
  try {
    for (let left = 1 + random.below(6); left > 0; left--) await step();
    const batchSize = 1 + random.below(100);
    equal(sorted(await all(map.entries({ batchSize }))), sorted(model), `contents with batchSize ${batchSize}`);
    if (random.below(50) === 0) {
      equal(await map.clear(), model.size, 'clear');
      model.clear();
    }
  } catch (error) {
    throw new Error(`seed ${seed}, sequence ${sequence}`, { cause: error });
  }
}
await control.stop();
console.log('equal');
