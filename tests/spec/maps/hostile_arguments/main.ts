import {
  ArrayMap,
  BpfError,
  BpfObject,
  DataSec,
  HashMap,
  LpmTrie,
  PercpuHashMap,
  QueueMap,
  StackTrace,
} from 'yeet:bpf';
import object from '../../../fixtures/spec/maps.bpf.o';

const own = new RangeError('of the trap');
const trap = (): never => {
  throw own;
};
const cyclic: Record<string, unknown> = {};
cyclic.port = cyclic;
const values: unknown[] = [
  undefined,
  null,
  Symbol('s'),
  true,
  NaN,
  -0,
  Infinity,
  10n ** 100n,
  'x'.repeat(100_000),
  '',
  '\ud800',
  {},
  Object.create(null),
  [],
  new Array(3),
  new Array(2 ** 32 - 1),
  () => {},
  class {},
  new Date(NaN),
  new Map([[1, 1n]]),
  new Set([1]),
  new Uint8Array(4),
  new Uint8Array(10_000),
  new SharedArrayBuffer(8),
  new ArrayBuffer(4),
  new DataView(new ArrayBuffer(4)),
  new Proxy({}, { get: trap, has: trap, ownKeys: trap, getOwnPropertyDescriptor: trap, getPrototypeOf: trap }),
  cyclic,
  Promise.resolve(1),
  /x/,
  new Error('e'),
  Object(1n),
  Object('abc'),
  { toString: trap, valueOf: trap, [Symbol.toPrimitive]: trap },
  { length: 2 ** 53, 0: 1 },
  { length: -1 },
  { __proto__: { address: 1 } },
  { constructor: 1, prototype: 2 },
];

const fresh = (): BpfObject => new BpfObject({ exe: object.exe });
const control = await fresh()
  .bind('counts', { kind: 'hash' })
  .bind('flows', { kind: 'hash' })
  .bind('acl', { kind: 'lpm' })
  .bind('slots', { kind: 'array' })
  .bind('cpu_counts', { kind: 'percpu_hash' })
  .bind('fifo', { kind: 'queue' })
  .bind('stacks', { kind: 'stack_trace' })
  .bind('.bss', { kind: 'data' })
  .start();
const counts = new HashMap(control, 'counts');
const flows = new HashMap(control, 'flows');
const acl = new LpmTrie(control, 'acl');
const slots = new ArrayMap(control, 'slots');
const perCpu = new PercpuHashMap(control, 'cpu_counts');
const fifo = new QueueMap(control, 'fifo');
const stacks = new StackTrace(control, 'stacks');
const bss = new DataSec(control, '.bss');

// Four billion keys would be taken as such.
const isHuge = (value: { length?: number } | null): boolean => Array.isArray(value) && value.length > 100;

// biome-ignore lint/suspicious/noExplicitAny: the point is what the types forbid
const calls: Record<string, (value: any) => unknown> = {
  BpfObject: (value) => new BpfObject(value),
  exe: (value) => new BpfObject({ exe: value }),
  base: (value) => new BpfObject({ exe: 'a', base: value }),
  'bind name': (value) => fresh().bind(value, { kind: 'hash' }),
  'bind spec': (value) => fresh().bind('a', value),
  'bind kind': (value) => fresh().bind('a', { kind: value }),
  'bind capacity': (value) => fresh().bind('a', { kind: 'ringbuf', capacity: value }),
  'bind btf_struct': (value) => fresh().bind('a', { kind: 'ringbuf', btf_struct: value }),
  'bind init': (value) => fresh().bind('.bss', { kind: 'data', init: value }),
  'attach name': (value) => fresh().attach(value),
  'attach spec': (value) => fresh().attach('p', value),
  lookup: (value) => counts.lookup(value),
  'update key': (value) => counts.update(value, 1n),
  'update value': (value) => counts.update(1, value),
  delete: (value) => counts.delete(value),
  updateBatch: (value) => isHuge(value) || counts.updateBatch(value),
  'updateBatch pair': (value) => counts.updateBatch([value]),
  'updateBatch value': (value) => counts.updateBatch([[1, value]]),
  deleteBatch: (value) => isHuge(value) || counts.deleteBatch(value),
  lookupBatch: (value) => counts.lookupBatch(value),
  drainBatch: (value) => counts.drainBatch(value),
  entries: (value) => counts.entries(value).next(),
  batchSize: (value) => counts.entries({ batchSize: value }).next(),
  control: (value) => new HashMap(value, 'counts').lookup(1),
  name: (value) => new HashMap(control, value).lookup(1),
  'struct key': (value) => flows.lookup(value),
  member: (value) => flows.lookup({ port: value }),
  text: (value) => flows.update({}, { name: value }),
  'lpm key': (value) => acl.lookup(value),
  'lpm data': (value) => acl.lookup({ prefixlen: 8, data: value }),
  'lpm prefixlen': (value) => acl.lookup({ prefixlen: value, data: [1] }),
  index: (value) => slots.lookup(value),
  'per-CPU values': (value) => perCpu.update(1, value),
  push: (value) => fifo.push(value),
  'stack id': (value) => stacks.lookup(value),
  read: (value) => bss.read(value),
  patch: (value) => bss.patch(value),
  'patch value': (value) => bss.patch('churned', value),
  'patch array': (value) => bss.patch('calls', value),
};

let tried = 0;
const codes = new Set<string>();
for (const [name, call] of Object.entries(calls)) {
  for (const [index, value] of values.entries()) {
    tried++;
    try {
      await call(value);
    } catch (error) {
      if (error === own) continue;
      if (!(error instanceof BpfError)) throw new Error(`${name} of value ${index}`, { cause: error });
      codes.add(error.code);
      if (error.message.length > 2000) console.log(name, index, `a message of ${error.message.length} characters`);
    }
  }
}
console.log(tried === values.length * Object.keys(calls).length, [...codes].sort().join());
await control.stop();
