import { LruPercpuHashMap, PercpuHashMap } from 'yeet:bpf';
import { all, failure } from '../../../fixtures/spec/check.ts';
import object from '../../../fixtures/spec/maps.bpf.o';

const control = await object
  .bind('cpu_counts', { kind: 'percpu_hash' })
  .bind('cpu_recent', { kind: 'lru_percpu_hash' })
  .start();
const counts = new PercpuHashMap<number, bigint>(control, 'cpu_counts');
const ones = new Array<bigint>(counts.info().num_cpus).fill(1n);
for (let key = 0; key < 64; key++) await counts.update(key, ones);
console.log(await failure(() => counts.update(64, ones)));
const recent = new LruPercpuHashMap<number, bigint>(control, 'cpu_recent');
for (let key = 0; key < 2560; key++) {
  await recent.update(key, ones);
  if ((await recent.lookup(key)) === undefined) throw new Error(`key ${key} is gone right after its update`);
}
const left = (await all(recent.keys())).length;
console.log(left > 0 && left <= 256, await recent.lookup(0));
await control.stop();
