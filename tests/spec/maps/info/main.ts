import {
  ArrayMap,
  HashMap,
  LpmTrie,
  LruHashMap,
  LruPercpuHashMap,
  PercpuArrayMap,
  PercpuHashMap,
  QueueMap,
  StackMap,
} from 'yeet:bpf';
import { text } from '../../../fixtures/spec/check.ts';
import object from '../../../fixtures/spec/maps.bpf.o';

const control = await object
  .bind('counts', { kind: 'hash' })
  .bind('flows', { kind: 'hash' })
  .bind('recent', { kind: 'lru_hash' })
  .bind('acl', { kind: 'lpm_trie' })
  .bind('slots', { kind: 'array' })
  .bind('cpu_counts', { kind: 'percpu_hash' })
  .bind('cpu_recent', { kind: 'lru_percpu_hash' })
  .bind('cpu_slots', { kind: 'percpu_array' })
  .bind('fifo', { kind: 'queue' })
  .bind('lifo', { kind: 'stack' })
  .start();
console.log(text(new HashMap(control, 'counts').info()));
console.log(text(new HashMap(control, 'flows').info()));
console.log(text(new LruHashMap(control, 'recent').info()));
console.log(text(new LpmTrie(control, 'acl').info()));
console.log(text(new ArrayMap(control, 'slots').info()));
for (const map of [
  new PercpuHashMap(control, 'cpu_counts'),
  new LruPercpuHashMap(control, 'cpu_recent'),
  new PercpuArrayMap(control, 'cpu_slots'),
]) {
  const info = map.info();
  console.log(text({ ...info, num_cpus: info.num_cpus > 0 }));
}
console.log(text(new QueueMap(control, 'fifo').info()), text(new StackMap(control, 'lifo').info()));
const info = new HashMap(control, 'counts').info();
info.max_entries = 3;
console.log(new HashMap(control, 'counts').info().max_entries);
await control.stop();
