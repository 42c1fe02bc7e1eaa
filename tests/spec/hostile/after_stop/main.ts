// Every method of every handle, found by reflection, after the object it belongs to has stopped.
import * as bpf from 'yeet:bpf';
import maps from '../../../fixtures/spec/maps.bpf.o';
import ring from '../../../fixtures/spec/ring.bpf.o';

const control = await maps
  .bind('counts', { kind: 'hash' })
  .bind('recent', { kind: 'lru_hash' })
  .bind('acl', { kind: 'lpm' })
  .bind('slots', { kind: 'array' })
  .bind('cpu_counts', { kind: 'percpu_hash' })
  .bind('cpu_recent', { kind: 'lru_percpu_hash' })
  .bind('cpu_slots', { kind: 'percpu_array' })
  .bind('fifo', { kind: 'queue' })
  .bind('lifo', { kind: 'stack' })
  .bind('stacks', { kind: 'stack_trace' })
  .bind('tails', { kind: 'prog_array' })
  .bind('wide', { kind: 'raw' })
  .bind('.bss', { kind: 'data' })
  .start();
const rings = await ring
  .bind('events', { kind: 'ringbuf', btf_struct: 'event' })
  .bind('samples', { kind: 'perfbuf', btf_struct: 'event' })
  .start();
const handles = [
  new bpf.HashMap(control, 'counts'),
  new bpf.LruHashMap(control, 'recent'),
  new bpf.LpmTrie(control, 'acl'),
  new bpf.ArrayMap(control, 'slots'),
  new bpf.PercpuHashMap(control, 'cpu_counts'),
  new bpf.LruPercpuHashMap(control, 'cpu_recent'),
  new bpf.PercpuArrayMap(control, 'cpu_slots'),
  new bpf.QueueMap(control, 'fifo'),
  new bpf.StackMap(control, 'lifo'),
  new bpf.StackTrace(control, 'stacks'),
  new bpf.ProgArray(control, 'tails'),
  new bpf.RawMap(control, 'wide'),
  new bpf.DataSec(control, '.bss'),
  new bpf.RingBuf(rings, 'events'),
  new bpf.PerfBuffer(rings, 'samples'),
  control,
];
const subscription = await new bpf.RingBuf(rings, 'events').subscribe(() => undefined);

type Method = (...args: unknown[]) => unknown;

/** The methods of a class and of those it extends. */
function methods(of: object): [string, Method][] {
  const found = new Map<string, Method>();
  for (let proto: object = of; proto !== Object.prototype; proto = Object.getPrototypeOf(proto) as object) {
    for (const key of Reflect.ownKeys(proto)) {
      const method = Object.getOwnPropertyDescriptor(proto, key)?.value as unknown;
      if (key !== 'constructor' && typeof method === 'function') found.set(String(key), method as Method);
    }
  }
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1));
}

const program = ['on_ring'];
const arguments_: Record<string, unknown[]> = {
  subscribe: [() => undefined],
  updateBatch: [[[1, 1n]]],
  attach: program,
  detach: program,
  iterate: program,
  run: program,
};

/** What a call comes to; iterators are asked for their first item. */
async function outcome(call: () => unknown): Promise<string> {
  try {
    let result = await call();
    if (typeof (result as AsyncIterator<unknown> | undefined)?.next === 'function') {
      result = await (result as AsyncIterator<unknown>).next();
    }
    return typeof result;
  } catch (error) {
    return error instanceof bpf.BpfError ? error.code : `${(error as Error).name}: ${(error as Error).message}`;
  }
}

await Promise.all([control.stop(), rings.stop()]);
for (const handle of handles) {
  const outcomes: string[] = [];
  for (const [name, method] of methods(Object.getPrototypeOf(handle) as object)) {
    // Arguments that would do: what is wrong is the object alone.
    const args = arguments_[name] ?? [1, 1n];
    outcomes.push(`${name} ${await outcome(() => method.apply(handle, args))}`);
  }
  console.log(handle.constructor.name, outcomes.join(', '));
}
await subscription.unsubscribe();
console.log(subscription.stats().received);

// The same objects start again, and the isolate is as good as before.
const again = await maps.start();
const counts = new bpf.HashMap<number, bigint>(again, 'counts');
await counts.update(1, 2n);
console.log(await counts.lookup(1));
await again.stop();
