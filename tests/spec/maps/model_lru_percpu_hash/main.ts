import { type BpfError, LruPercpuHashMap } from 'yeet:bpf';
import { all, equal, Random } from '../../../fixtures/spec/check.ts';
import object from '../../../fixtures/spec/maps.bpf.o';

// Random sequences of calls, and a model in JavaScript that must answer the same. A seed as argument repeats a run.
const seed = Number(yeet.args.seed ?? Math.floor(Math.random() * 2 ** 31));
const random = new Random(seed);
const SEQUENCES = 10_000;
const control = await object.bind('cpu_recent', { kind: 'lru_percpu_hash' }).start();
const map = new LruPercpuHashMap<number, bigint>(control, 'cpu_recent');
const { max_entries, num_cpus } = map.info();
const model = new Map<number, bigint[]>();
const key = (): number => random.below(400);
const values = (): bigint[] => Array.from({ length: num_cpus }, () => BigInt(random.below(2 ** 32)));

async function step(): Promise<void> {
  const k = key();
  switch (random.below(3)) {
    case 0: {
      const v = values();
      await map.update(k, v);
      model.set(k, v);
      equal(await map.lookup(k), v, 'lookup right after update');
      break;
    }
    case 1: {
      const found = await map.lookup(k);
      if (found !== undefined) equal(found, model.get(k), 'lookup');
      break;
    }
    default: {
      const there = (await map.lookup(k)) !== undefined;
      const result = await map.delete(k).then(
        () => true,
        (error: BpfError) => error.code,
      );
      equal(result, there ? true : 'NotFound', 'delete');
      model.delete(k);
    }
  }
}

for (let sequence = 0; sequence < SEQUENCES; sequence++) {
  try {
    for (let left = 1 + random.below(6); left > 0; left--) await step();
    const entries = await all(map.entries({ batchSize: 1 + random.below(100) }));
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
