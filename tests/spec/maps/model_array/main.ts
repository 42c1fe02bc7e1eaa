import { ArrayMap, type BpfError } from 'yeet:bpf';
import { all, equal, Random } from '../../../fixtures/spec/check.ts';
import object from '../../../fixtures/spec/maps.bpf.o';

// Random sequences of calls, and a model in JavaScript that must answer the same. A seed as argument repeats a run.
const seed = Number(yeet.args.seed ?? Math.floor(Math.random() * 2 ** 31));
const random = new Random(seed);
const SEQUENCES = 10_000;
const control = await object.bind('slots', { kind: 'array' }).start();
interface Usage {
  packets: bigint;
  bytes: number;
  name: string;
}
const map = new ArrayMap<Partial<Usage>>(control, 'slots');
const { max_entries } = map.info();
const model = Array.from({ length: max_entries }, (): Usage => ({ packets: 0n, bytes: 0, name: '' }));
const usage = (): Usage => ({
  packets: BigInt(random.below(2 ** 32)) << BigInt(random.below(32)),
  bytes: random.below(2 ** 32),
  name: 'abcdefghijkl'.slice(0, random.below(13)),
});

async function step(): Promise<void> {
  const index = random.below(max_entries + 2);
  const fits = index < max_entries;
  const v = usage();
  switch (random.below(4)) {
    case 0: {
      const result = await map.update(index, v).then(
        () => true,
        (error: BpfError) => error.code,
      );
      equal(result, fits ? true : 'InvalidValue', 'update');
      if (fits) model[index] = v;
      break;
    }
    case 1: {
      const result = await map.lookup(index).catch((error: BpfError) => error.code);
      equal(result, fits ? model[index] : 'InvalidValue', 'lookup');
      break;
    }
    case 2: {
      const pairs = Array.from({ length: random.below(6) }, (): [number, Usage] => [
        random.below(max_entries),
        usage(),
      ]);
      await map.updateBatch(pairs);
      for (const [i, one] of pairs) model[i] = one;
      break;
    }
    default: {
      const count = 1 + random.below(20);
      equal(
        await map.lookupBatch(count),
        model.slice(0, count).map((one, i) => [i, one]),
        'lookupBatch',
      );
    }
  }
}

for (let sequence = 0; sequence < SEQUENCES; sequence++) {
  try {
    for (let left = 1 + random.below(6); left > 0; left--) await step();
    equal(
      await all(map.entries({ batchSize: 1 + random.below(20) })),
      model.map((one, i) => [i, one]),
      'contents',
    );
  } catch (error) {
    throw new Error(`seed ${seed}, sequence ${sequence}`, { cause: error });
  }
}
await control.stop();
console.log('equal');
