import { LruPercpuHashMap, PercpuHashMap } from 'yeet:bpf';
import { failure } from '../../../fixtures/spec/check.ts';
import object from '../../../fixtures/spec/maps.bpf.o';

const control = await object
  .bind('cpu_counts', { kind: 'percpu_hash' })
  .bind('cpu_recent', { kind: 'lru_percpu_hash' })
  .start();
for (const map of [
  new PercpuHashMap<number, bigint>(control, 'cpu_counts'),
  new LruPercpuHashMap<number, bigint>(control, 'cpu_recent'),
]) {
  await map.update(1, new Array(map.info().num_cpus).fill(1n));
  console.log(await map.delete(1), await map.lookup(1), await failure(() => map.delete(1)));
}
await control.stop();
