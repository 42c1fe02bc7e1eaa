import { type BpfError, PercpuArrayMap } from 'yeet:bpf';
import { all, equal, Random } from '../../../fixtures/spec/check.ts';
import object from '../../../fixtures/spec/maps.bpf.o';

// Random sequences of calls, and a model in JavaScript that must answer the same. A seed as argument repeats a run.
const seed = Number(yeet.args.seed ?? Math.floor(Math.random() * 2 ** 31));
const random = new Random(seed);
const SEQUENCES = 10_000;
const control = await object.bind('cpu_slots', { kind: 'percpu_array' }).start();
const map = new PercpuArrayMap<number>(control, 'cpu_slots');
const { max_entries, num_cpus } = map.info();
const model = Array.from({ length: max_entries }, () => new Array<number>(num_cpus).fill(0));

async function step(): Promise<void> {
  const index = random.below(max_entries + 2);
  const fits = index < max_entries;
  if (random.below(2) === 0) {
    const values = Array.from({ length: num_cpus }, () => random.below(2 ** 32));
    const result = await map.update(index, values).then(
      () => true,
      (error: BpfError) => error.code,
    );
    equal(result, fits ? true : 'InvalidValue', 'update');
    if (fits) model[index] = values;
  } else {
    const result = await map.lookup(index).catch((error: BpfError) => error.code);
    equal(result, fits ? model[index] : 'InvalidValue', 'lookup');
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
