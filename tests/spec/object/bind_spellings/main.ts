import {
  ArrayMap,
  BloomFilter,
  type BpfControl,
  BpfObject,
  DataSec,
  HashMap,
  LpmTrie,
  LruHashMap,
  LruPercpuHashMap,
  PercpuArrayMap,
  PercpuHashMap,
  RingBuf,
} from 'yeet:bpf';

const base = `${import.meta.dirname}/../../../fixtures/spec`;
type Class = new (control: BpfControl, name: string) => { info(): { map_type: string } };
const kinds: [exe: string, map: string, Class, spellings: string[]][] = [
  ['maps', 'counts', HashMap, ['hashmap', 'hash_map', 'hash']],
  ['maps', 'recent', LruHashMap, ['lru_hashmap', 'lru_hash_map', 'lru_hash']],
  ['maps', 'acl', LpmTrie, ['lpm_trie', 'lpm']],
  ['maps', 'slots', ArrayMap, ['array']],
  ['maps', 'cpu_counts', PercpuHashMap, ['percpu_hashmap', 'percpu_hash_map', 'percpu_hash']],
  ['maps', 'cpu_recent', LruPercpuHashMap, ['lru_percpu_hashmap', 'lru_percpu_hash_map', 'lru_percpu_hash']],
  ['maps', 'cpu_slots', PercpuArrayMap, ['percpu_array']],
  ['bloom', 'seen', BloomFilter, ['bloom_filter', 'bloom']],
];

for (const [exe, name, Class, spellings] of kinds) {
  for (const kind of new Set(spellings.flatMap((spelling) => [spelling, spelling.replaceAll('_', '-')]))) {
    const control = await new BpfObject({ exe: `${exe}.bpf.o`, base }).bind(name, { kind }).start();
    console.log(kind, new Class(control, name).info().map_type);
    await control.stop();
  }
}
for (const kind of ['ringbuf', 'ring_buf', 'ring-buf']) {
  const control = await new BpfObject({ exe: 'ring.bpf.o', base }).bind('events', { kind }).start();
  const subscription = await new RingBuf(control, 'events').subscribe(() => {});
  console.log(kind, subscription.stats().received);
  await control.stop();
}
const control = await new BpfObject({ exe: 'sections.bpf.o', base }).bind('.data', { kind: 'data' }).start();
console.log('data', await new DataSec(control, '.data').read('patched'));
await control.stop();
