// Each map call: `yeet run maps.ts`; prints nanoseconds per call or per entry, kernel included. With --walk only the walk of a million.

import { DataSec, HashMap, PercpuHashMap } from 'yeet:bpf';
import maps from '../bpf/maps.bpf.o';

interface Key {
  pid: number;
  cpu: number;
}

interface Value {
  count: bigint;
  bytes: bigint;
  last: number;
  flags: number;
}

const SMALL = 10_000;
const LARGE = 1_000_000;
const CALLS = 100_000;

const control = await maps
  .bind('small', { kind: 'hashmap' })
  .bind('large', { kind: 'hashmap' })
  .bind('percpu', { kind: 'percpu_hashmap' })
  .bind('.data', { kind: 'data' })
  .start();
const small = new HashMap<Key, Value>(control, 'small');
const large = new HashMap<Key, Value>(control, 'large');
const percpu = new PercpuHashMap<Key, bigint>(control, 'percpu');
const globals = new DataSec(control, '.data');

let sum = 0;
let total = 0n;

function pairs(from: number, to: number): [Key, Value][] {
  return Array.from({ length: to - from }, (_, index) => {
    const i = from + index;
    return [
      { pid: i, cpu: i & 3 },
      { count: BigInt(i), bytes: BigInt(2 * i), last: 3, flags: 4 },
    ];
  });
}

async function measure(name: string, count: number, work: () => Promise<void>): Promise<void> {
  const start = performance.now();
  await work();
  console.log(name, (((performance.now() - start) * 1e6) / count).toFixed(1));
}

async function walk(map: HashMap<Key, Value>): Promise<void> {
  for await (const [key, value] of map.entries()) {
    sum += key.pid;
    total += value.count + value.bytes;
  }
}

for (let from = 0; from < LARGE; from += CALLS) await large.updateBatch(pairs(from, from + CALLS));
if (!yeet.args.walk) {
  const some = pairs(0, CALLS);
  await small.updateBatch(some.slice(0, SMALL));
  const perCpu = new Array(percpu.info().num_cpus).fill(1n);
  for (const [key] of some.slice(0, SMALL)) await percpu.update(key, perCpu);

  await measure('lookup', CALLS, async () => {
    for (let i = 0; i < CALLS; i++) total += (await small.lookup((some[i % SMALL] as [Key, Value])[0]))?.count ?? 0n;
  });
  await measure('update', CALLS, async () => {
    for (let i = 0; i < CALLS; i++) await small.update(...(some[i % SMALL] as [Key, Value]));
  });
  // Ten times: one walk is over before its code is compiled, and a tool that looks at a map does so again and again.
  await measure('entries_10k', 10 * SMALL, async () => {
    for (let i = 0; i < 10; i++) await walk(small);
  });
  await measure('update_batch_100k', CALLS, () => large.updateBatch(some));
  await measure('percpu_10k', SMALL, async () => {
    for await (const [, values] of percpu.entries()) for (const value of values) total += value;
  });
  await measure('global_read', CALLS, async () => {
    for (let i = 0; i < CALLS; i++) sum += (await globals.read('knob')) as number;
  });
  await measure('global_patch', CALLS, async () => {
    for (let i = 0; i < CALLS; i++) await globals.patch('knob', i);
  });
}
await measure('entries_1m', LARGE, () => walk(large));
if (sum < 0 || total < 0n) console.log('never');
await control.stop();
