import { HashMap, LruHashMap, PercpuHashMap } from 'yeet:bpf';
import { all } from '../../../fixtures/spec/check.ts';
import object from '../../../fixtures/spec/maps.bpf.o';

const control = await object
  .bind('wide', { kind: 'hash' })
  .bind('recent', { kind: 'lru_hash' })
  .bind('cpu_counts', { kind: 'percpu_hash' })
  .start();
const wide = new HashMap<number, bigint>(control, 'wide');
console.log(await wide.clear());
await wide.updateBatch(Array.from({ length: 5000 }, (_, i): [number, bigint] => [i, 1n]));
console.log(await wide.clear(), (await all(wide.keys())).length, await wide.clear());
const recent = new LruHashMap<number, bigint>(control, 'recent');
for (let i = 0; i < 10; i++) await recent.update(i, 1n);
console.log(await recent.clear(), (await all(recent.keys())).length);
const perCpu = new PercpuHashMap<number, bigint>(control, 'cpu_counts');
for (let i = 0; i < 10; i++) await perCpu.update(i, new Array(perCpu.info().num_cpus).fill(1n));
console.log(await perCpu.clear(), (await all(perCpu.keys())).length);
await control.stop();
