import { LruPercpuHashMap, PercpuArrayMap, PercpuHashMap } from 'yeet:bpf';
import { all } from '../../../fixtures/spec/check.ts';
import object from '../../../fixtures/spec/maps.bpf.o';

const control = await object
  .bind('cpu_counts', { kind: 'percpu_hash' })
  .bind('cpu_recent', { kind: 'lru_percpu_hash' })
  .bind('cpu_slots', { kind: 'percpu_array' })
  .start();
for (const [name, map] of [
  ['cpu_counts', new PercpuHashMap<number, bigint>(control, 'cpu_counts')],
  ['cpu_recent', new LruPercpuHashMap<number, bigint>(control, 'cpu_recent')],
] as const) {
  const { num_cpus } = map.info();
  for (let key = 0; key < 50; key++)
    await map.update(
      key,
      Array.from({ length: num_cpus }, (_, cpu) => BigInt(key * 100 + cpu)),
    );
  for (const options of [undefined, { batchSize: 1 }, { batchSize: 7 }]) {
    const found = await all(map.entries(options));
    const right = found.every(
      ([key, cpus]) => cpus.length === num_cpus && cpus.every((n, cpu) => n === BigInt(key * 100 + cpu)),
    );
    console.log(name, found.length, new Set(found.map(([key]) => key)).size, right);
  }
}
const slots = new PercpuArrayMap<number>(control, 'cpu_slots');
const { num_cpus } = slots.info();
await slots.update(5, new Array(num_cpus).fill(7));
const found = await all(slots.entries({ batchSize: 3 }));
console.log(found.map(([index, cpus]) => `${index}:${new Set(cpus).size === 1 ? cpus[0] : cpus}`).join(' '));
await control.stop();
