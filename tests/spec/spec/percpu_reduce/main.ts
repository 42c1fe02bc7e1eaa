import { PercpuHashMap } from 'yeet:bpf';
import probe from '../../../fixtures/spec/probe.bpf.o';

const control = await probe.bind('hits', { kind: 'percpu_hash' }).start();
const hits = new PercpuHashMap<number, bigint>(control, 'hits');
const { num_cpus } = hits.info();
await hits.update(
  7,
  Array.from({ length: num_cpus }, (_, cpu) => BigInt(cpu + 1)),
);
const vals = (await hits.lookup(7)) ?? [];
console.log(vals.reduce((a, b) => a + b, 0n) === BigInt((num_cpus * (num_cpus + 1)) / 2));
await control.stop();
