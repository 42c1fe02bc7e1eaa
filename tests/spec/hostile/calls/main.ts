// Every public call with every wrong kind of value: what it comes to, call by call.
import {
  ArrayMap,
  BloomFilter,
  BpfError,
  BpfObject,
  DataSec,
  HashMap,
  LpmTrie,
  LruHashMap,
  LruPercpuHashMap,
  PercpuArrayMap,
  PercpuHashMap,
  PerfBuffer,
  QueueMap,
  RawMap,
  RingBuf,
  StackMap,
  StackTrace,
} from 'yeet:bpf';
import bloom from '../../../fixtures/spec/bloom.bpf.o';
import { doorbell, emit, until, withDoorbell } from '../../../fixtures/spec/check.ts';
import programs from '../../../fixtures/spec/control.bpf.o';
import maps from '../../../fixtures/spec/maps.bpf.o';
import rings from '../../../fixtures/spec/ring.bpf.o';

const own = new RangeError('of the trap');
const trap = (): never => {
  throw own;
};
const detached = new Uint8Array(8);
structuredClone(detached.buffer, { transfer: [detached.buffer] });
const revoked = Proxy.revocable({}, {});
revoked.revoke();

/** By name, so that the table says which values a call took. */
const values: Record<string, unknown> = {
  undefined,
  null: null,
  true: true,
  NaN,
  '-1': -1,
  '-0.5': -0.5,
  Infinity: Number.POSITIVE_INFINITY,
  '2^32': 2 ** 32,
  '2^53': 2 ** 53,
  '-1n': -1n,
  '2^64n': 1n << 64n,
  '2^200n': 1n << 200n,
  "''": '',
  NUL: 'a\0b',
  surrogate: '\ud800',
  'long text': 'x'.repeat(100_000),
  escape: '\u001b[2J\u0007',
  path: '../../etc/passwd',
  symbol: Symbol('s'),
  function: () => {},
  class: class {},
  '{}': {},
  'null prototype': Object.create(null),
  '[]': [],
  holes: new Array(3),
  nested: [[[[1]]]],
  date: new Date(Number.NaN),
  map: new Map([[1, 1]]),
  promise: Promise.resolve(1),
  regexp: /x/g,
  'Object(1n)': Object(1n),
  '4 bytes': new Uint8Array(4),
  '10000 bytes': new Uint8Array(10_000),
  detached,
  shared: new SharedArrayBuffer(8),
  view: new DataView(new ArrayBuffer(4)),
  'huge length': { length: 2 ** 53, 0: 1 },
  'negative length': { length: -1 },
  unknown: { nobody: 1 },
  proxy: new Proxy({}, { get: trap, has: trap, ownKeys: trap, getOwnPropertyDescriptor: trap, getPrototypeOf: trap }),
  revoked: revoked.proxy,
  getter: {
    get kind() {
      return trap();
    },
    get data() {
      return trap();
    },
    get nonce() {
      return trap();
    },
  },
  conversion: { toString: trap, valueOf: trap, [Symbol.toPrimitive]: trap, [Symbol.iterator]: trap },
};

// biome-ignore lint/suspicious/noExplicitAny: the point is what the types forbid
type Call = (value: any) => unknown;

const map = await maps
  .bind('counts', { kind: 'hash' })
  .bind('flows', { kind: 'hash' })
  .bind('recent', { kind: 'lru_hash' })
  .bind('acl', { kind: 'lpm' })
  .bind('slots', { kind: 'array' })
  .bind('cpu_counts', { kind: 'percpu_hash' })
  .bind('cpu_recent', { kind: 'lru_percpu_hash' })
  .bind('cpu_slots', { kind: 'percpu_array' })
  .bind('fifo', { kind: 'queue' })
  .bind('lifo', { kind: 'stack' })
  .bind('stacks', { kind: 'stack_trace' })
  .bind('wide', { kind: 'raw' })
  .bind('.bss', { kind: 'data' })
  .start();
const seen = new BloomFilter(await bloom.bind('seen', { kind: 'bloom' }).start(), 'seen');
const ring = await withDoorbell(rings)
  .bind('events', { kind: 'ringbuf', btf_struct: 'event' })
  .bind('samples', { kind: 'perfbuf', btf_struct: 'event' })
  .start();
const events = new RingBuf(ring, 'events');
const samples = new PerfBuffer(ring, 'samples');
const run = await programs.attach('by_typed_tp', false).attach('classify', { autoattach: false }).start();
const [counts, flows, recent, acl, slots] = [
  new HashMap(map, 'counts'),
  new HashMap(map, 'flows'),
  new LruHashMap(map, 'recent'),
  new LpmTrie(map, 'acl'),
  new ArrayMap(map, 'slots'),
];
const [cpuCounts, cpuRecent, cpuSlots] = [
  new PercpuHashMap(map, 'cpu_counts'),
  new LruPercpuHashMap(map, 'cpu_recent'),
  new PercpuArrayMap(map, 'cpu_slots'),
];
const [fifo, lifo, stacks] = [new QueueMap(map, 'fifo'), new StackMap(map, 'lifo'), new StackTrace(map, 'stacks')];
const [wide, bss] = [new RawMap(map, 'wide'), new DataSec(map, '.bss')];
const fresh = (): BpfObject => new BpfObject({ exe: maps.exe });
const ended = async (subscription: ReturnType<RingBuf['subscribe']>): Promise<void> =>
  (await subscription).unsubscribe();

const calls: Record<string, Call> = {
  'new BpfObject': (value) => new BpfObject(value),
  'new HashMap': (value) => new HashMap(value, value),
  'RingBuf of name': (value) => new RingBuf(ring, value).subscribe(() => undefined),
  'start of exe': (value) => new BpfObject({ exe: value }).start(),
  'start of base': (value) => new BpfObject({ exe: 'none.bpf.o', base: value }).start(),
  'bind name': (value) => fresh().bind(value, { kind: 'hash' }),
  'bind spec': (value) => fresh().bind('counts', value),
  'bind kind': (value) => fresh().bind('counts', { kind: value }),
  'bind capacity': (value) => fresh().bind('counts', { kind: 'ringbuf', capacity: value }),
  'bind byteCap': (value) => fresh().bind('counts', { kind: 'ringbuf', byteCap: value }),
  'bind freeze': (value) => fresh().bind('.bss', { kind: 'data', freeze: value }),
  'attach name': (value) => fresh().attach(value),
  'attach spec': (value) => fresh().attach('p', value),
  'attach kind': (value) => fresh().attach('p', { kind: value } as object),
  'uprobe binary': (value) => fresh().attach('p', { kind: 'uprobe', binary: value, symbol: 'f' }),
  'uprobe offset': (value) => fresh().attach('p', { kind: 'uprobe', binary: 'libc.so.6', symbol: 'f', offset: value }),
  'perf event': (value) => fresh().attach('p', { kind: 'perf', event: value }),
  'perf cpu': (value) =>
    fresh().attach('p', { kind: 'perf', event: { kind: 'software', name: 'cpu_clock' }, cpu: value }),
  'xdp ifindex': (value) => fresh().attach('p', { kind: 'xdp', ifindex: value }),
  'tcx ns': (value) => fresh().attach('p', { kind: 'tcx', ns: value }),
  'cgroup path': (value) => fresh().attach('p', { kind: 'cgroup', cgroup: value }),
  cookie: (value) => fresh().attach('p', { cookie: value }),
  'control.attach name': (value) => run.attach(value),
  'control.attach spec': (value) => run.attach('by_raw_tp', value),
  'control.detach': (value) => run.detach(value),
  'run name': (value) => run.run(value),
  'run options': (value) => run.run('sum_words', value),
  'run ctx': (value) => run.run('add', { ctx: value }),
  'run ctx.a': (value) => run.run('add', { ctx: { a: value } }),
  'run words': (value) => run.run('sum_words', { ctx: [value] }),
  'run data': (value) => run.run('classify', { data: value }),
  'run repeat': (value) => run.run('classify', { data: new Uint8Array(20), repeat: value }),
  'run cpu': (value) => run.run('sum_words', { ctx: [1, 2], cpu: value }),
  'iterate name': (value) => run.iterate(value).next(),
  'iterate options': async (value) => {
    const lines = run.iterate('task_lines', value);
    await lines.next();
    await lines.return(undefined);
  },
  'iterate struct': (value) => run.iterate('task_lines', { btf_struct: value }).next(),
  'subscribe callback': (value) => ended(events.subscribe(value)),
  'subscribe onError': (value) => ended(events.subscribe(() => undefined, value)),
  'subscribe options': (value) =>
    ended(
      events.subscribe(
        () => undefined,
        () => undefined,
        value,
      ),
    ),
  'subscribe batch': (value) => ended(events.subscribe(() => undefined, { batch: value })),
  'PerfBuffer.subscribe': (value) => ended(samples.subscribe(value)),
  'HashMap.lookup': (value) => counts.lookup(value),
  'HashMap.update': (value) => counts.update(value, value),
  'HashMap.delete': (value) => counts.delete(value),
  'HashMap.updateBatch': (value) => counts.updateBatch(value),
  'HashMap.deleteBatch': (value) => counts.deleteBatch(value),
  'HashMap.lookupBatch': (value) => counts.lookupBatch(value),
  'HashMap.drainBatch': (value) => counts.drainBatch(value),
  'HashMap.entries': (value) => counts.entries(value).next(),
  'struct key': (value) => flows.lookup(value),
  'struct member': (value) => flows.update({ port: value }, { name: value }),
  'LruHashMap.update': (value) => recent.update(value, value),
  'LpmTrie.lookup': (value) => acl.lookup(value),
  'LpmTrie prefix': (value) => acl.update({ prefixlen: value, data: value }, 1),
  'ArrayMap.update': (value) => slots.update(value, value),
  'ArrayMap.updateBatch': (value) => slots.updateBatch([[value, value]]),
  'PercpuHashMap.update': (value) => cpuCounts.update(1, value),
  'LruPercpuHashMap.update': (value) => cpuRecent.update(1, value),
  'PercpuArrayMap.update': (value) => cpuSlots.update(value, value),
  'QueueMap.push': (value) => fifo.push(value),
  'StackMap.push': (value) => lifo.push(value),
  'StackTrace.lookup': (value) => stacks.lookup(value),
  'BloomFilter.insert': (value) => seen.insert(value),
  'BloomFilter.contains': (value) => seen.contains(value),
  'RawMap.update': (value) => wide.update(value, value),
  'DataSec.read': (value) => bss.read(value),
  'DataSec.patch': (value) => bss.patch(value),
  'DataSec.patch value': (value) => bss.patch('churned', value),
  'wrong this: lookup': (value) => HashMap.prototype.lookup.call(value, 1),
  'wrong this: subscribe': (value) => Reflect.apply(RingBuf.prototype.subscribe, value, [() => undefined]),
  'wrong this: stop': (value) => Object.getPrototypeOf(run).stop.call(value),
  'yeet.onSignal': (value) => yeet.onSignal(value),
  setTimeout: (value) => clearTimeout(setTimeout(value, 2 ** 30)),
  clearTimeout: (value) => clearTimeout(value),
  structuredClone: (value) => structuredClone(value),
  TextDecoder: (value) => new TextDecoder().decode(value),
  TextEncoder: (value) => new TextEncoder().encode(value),
  atob: (value) => atob(value),
};

/** The name of an error that scripts match on, or `ok`. */
async function outcome(call: Call, value: unknown): Promise<string> {
  try {
    await call(value);
    return 'ok';
  } catch (error) {
    if (error === own) return 'trap';
    if (error instanceof BpfError) {
      // What came from outside is shown, but neither whole nor raw.
      if (error.message.length > 2000) return `${error.code} in ${error.message.length} characters`;
      // biome-ignore lint/suspicious/noControlCharactersInRegex: the point is that there is none
      return /[\0-\x08\x0b-\x1f\x7f]/.test(error.message) ? `${error.code} with control characters` : error.code;
    }
    return error instanceof Error ? error.name : `thrown ${String(error)}`;
  }
}

let tried = 0;
for (const [name, call] of Object.entries(calls)) {
  const outcomes = new Map<string, string[]>();
  for (const [title, value] of Object.entries(values)) {
    tried++;
    const result = await outcome(call, value);
    outcomes.set(result, [...(outcomes.get(result) ?? []), title]);
  }
  // The usual error is counted; of everything else it says which values.
  const parts = [...outcomes]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([result, titles]) => {
      return titles.length > 12 ? `${result} × ${titles.length}` : `${result} (${titles.join(', ')})`;
    });
  console.log(`${name}: ${parts.join('; ')}`);
}
console.log(`${tried} calls`);

// The isolate is as good as before.
await counts.update(1, 5n);
console.log(await counts.lookup(1));
const before: unknown[] = [];
const subscription = await events.subscribe(({ event }) => before.push(event));
emit(await doorbell(ring), 1, 3);
await until(() => before.length === 3, 'three records came');
await subscription.unsubscribe();
console.log((await run.run('add', { ctx: { a: 1, b: 2 } })).returnValue);
await Promise.all([map.stop(), ring.stop(), run.stop()]);
