import { HashMap, PercpuHashMap } from 'yeet:bpf';
import { all, text } from '../../../fixtures/spec/check.ts';
import object from '../../../fixtures/spec/maps.bpf.o';

const control = await object.bind('counts', { kind: 'hash' }).bind('cpu_counts', { kind: 'percpu_hash' }).start();
const counts = new HashMap<number, bigint>(control, 'counts');
for (let i = 0; i < 5; i++) await counts.update(i, BigInt(i * i));
console.log(text((await all(counts.keys())).sort()), text((await all(counts.values({ batchSize: 2 }))).sort()));
const perCpu = new PercpuHashMap<number, bigint>(control, 'cpu_counts');
await perCpu.update(9, new Array(perCpu.info().num_cpus).fill(3n));
console.log(
  text(await all(perCpu.keys())),
  (await all(perCpu.values())).every((cpus) => cpus.every((n) => n === 3n)),
);
await control.stop();
