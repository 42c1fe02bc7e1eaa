import {
  ArrayMap,
  BloomFilter,
  BpfControl,
  BpfObject,
  BpfSubscription,
  DataSec,
  HashMap,
  LpmTrie,
  LruHashMap,
  LruPercpuHashMap,
  PercpuArrayMap,
  PercpuHashMap,
  RingBuf,
} from 'yeet:bpf';

const classes = {
  BpfObject,
  BpfControl,
  RingBuf,
  BpfSubscription,
  DataSec,
  HashMap,
  LruHashMap,
  LpmTrie,
  ArrayMap,
  BloomFilter,
  PercpuHashMap,
  LruPercpuHashMap,
  PercpuArrayMap,
};
for (const [name, Class] of Object.entries(classes))
  console.log(name, Class.name === name, /^class /.test(String(Class)));
