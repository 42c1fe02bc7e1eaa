import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FakeKernel } from '../../tests/bpf/fake-kernel.ts';
import { machine, PATH } from '../../tests/bpf/probe.ts';
import * as bpf from './mod.ts';

const { BpfError, BpfObject } = bpf;

async function start(
  ...binds: [name: string, kind: string][]
): Promise<{ kernel: FakeKernel; control: bpf.BpfControl }> {
  const kernel = machine();
  const object = new BpfObject({ exe: PATH });
  for (const [name, kind] of binds) object.bind(name, { kind });
  return { kernel, control: await object.start() };
}

const fails = async (work: () => unknown, code: string, message: RegExp): Promise<InstanceType<typeof BpfError>> => {
  const error = await (async () => work())().then(
    () => assert.fail(`did not fail: ${work}`),
    (reason) => reason,
  );
  assert.ok(error instanceof BpfError, String(error));
  assert.equal(error.code, code, error.message);
  assert.match(error.message, message);
  return error;
};

/** Node 20 has no Array.fromAsync. */
async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

test('the methods of each class are those of the specification and no others', () => {
  const methods = (of: { prototype: object }): string => {
    const found = new Set<string>();
    for (let at = of.prototype; at !== Object.prototype; at = Object.getPrototypeOf(at)) {
      for (const key of Object.getOwnPropertyNames(at)) if (key !== 'constructor') found.add(key);
    }
    return [...found].sort().join(' ');
  };
  const hash = 'clear delete deleteBatch drainBatch entries info keys lookup lookupBatch update updateBatch values';
  assert.equal(methods(bpf.HashMap), hash);
  assert.equal(methods(bpf.LruHashMap), hash);
  assert.equal(methods(bpf.ArrayMap), 'entries info lookup lookupBatch update updateBatch');
  assert.equal(methods(bpf.LpmTrie), 'delete deleteBatch entries info lookup lookupBatch update updateBatch');
  assert.equal(methods(bpf.BloomFilter), 'contains info insert');
  assert.equal(methods(bpf.PercpuHashMap), 'clear delete entries info keys lookup update values');
  assert.equal(methods(bpf.LruPercpuHashMap), 'clear delete entries info keys lookup update values');
  assert.equal(methods(bpf.PercpuArrayMap), 'entries info lookup update');
  assert.equal(methods(bpf.DataSec), 'patch read');
  assert.equal(methods(bpf.RingBuf), 'subscribe');
  assert.equal(methods(bpf.PerfBuffer), 'subscribe');
  assert.equal(methods(bpf.QueueMap), 'info peek pop push');
  assert.equal(methods(bpf.StackMap), 'info peek pop push');
  assert.equal(methods(bpf.StackTrace), 'delete entries info lookup');
  assert.equal(methods(bpf.TaskStorage), 'info');
});

test('a first call checks Stopped, then Unbound, then InvalidMapKind; constructors check nothing', async () => {
  const { control } = await start(['counts', 'hash'], ['slots', 'hash'], ['devs', 'raw']);
  const wrongKind = new bpf.ArrayMap(control, 'counts');
  const unbound = new bpf.HashMap(control, 'recent');
  const nowhere = new bpf.HashMap(control, 'count');
  const misbound = new bpf.ArrayMap(control, 'slots');
  const good = new bpf.HashMap(control, 'counts');
  await fails(
    () => wrongKind.lookup(0),
    'InvalidMapKind',
    /ArrayMap cannot open 'counts', which is bound as 'hashmap'; use HashMap/,
  );
  await fails(
    () => misbound.lookup(0),
    'InvalidMapKind',
    /'slots' is bound as 'hashmap' but is a map of type 'array'; bind it with \{ kind: 'array' \}/,
  );
  await fails(
    () => unbound.lookup(0),
    'Unbound',
    /'recent' is not bound; add \.bind\('recent', \{ kind: 'lru_hashmap' \}\) before start/,
  );
  await fails(() => nowhere.info(), 'Unbound', /did you mean "counts"/);
  await fails(() => new bpf.HashMap(control, 'devs').info(), 'InvalidMapKind', /use RawMap/);
  await fails(
    () => new bpf.HashMap({ id: 'probe-99999' } as never, 'x').info(),
    'InvalidOpts',
    /control must be the BpfControl/,
  );
  await fails(
    () => new bpf.HashMap(undefined as never, 'x').lookup(1),
    'InvalidOpts',
    /control must be the BpfControl/,
  );
  await fails(() => new bpf.HashMap(control, 7 as never).lookup(1), 'InvalidOpts', /name is 7/);
  await good.update(1, 2n);
  await control.stop();
  for (const handle of [wrongKind, unbound, good]) {
    await fails(() => handle.lookup(1), 'Stopped', /is stopped/);
    await fails(() => handle.info(), 'Stopped', /is stopped/);
    await fails(() => handle.entries().next(), 'Stopped', /is stopped/);
  }
});

test('hash: lookup, update, delete, full', async () => {
  const { control } = await start(['counts', 'hash-map']);
  const counts = new bpf.HashMap<number, bigint>(control, 'counts');
  assert.equal(await counts.lookup(7), undefined);
  await counts.update(7, 70n);
  assert.equal(await counts.lookup(7), 70n);
  await counts.delete(7);
  await fails(() => counts.delete(7), 'NotFound', /no such key/);
  for (let key = 0; key < 10; key++) await counts.update(key, 0n);
  assert.equal((await fails(() => counts.update(99, 0n), 'E2BIG', /is full/)).errno, 'E2BIG');
  await fails(() => counts.update(-1, 0n), 'InvalidValue', /update\(\) on map 'counts': key: -1 does not fit/);
  await fails(() => counts.update(1, 'x' as never), 'InvalidValue', /update\(\) on map 'counts': value: /);
  await fails(() => counts.lookup({} as never), 'InvalidValue', /lookup\(\) on map 'counts': key: /);
  assert.deepEqual(counts.info(), { map_type: 'hash', key_size: 4, value_size: 8, max_entries: 10 });
  assert.equal(await counts.clear(), 10);
});

test('array: the index is checked before the kernel is asked', async () => {
  const { kernel, control } = await start(['slots', 'array']);
  const slots = new bpf.ArrayMap<bigint>(control, 'slots');
  await slots.update(9, 5n);
  assert.equal(await slots.lookup(9), 5n);
  assert.equal(await slots.lookup(0), 0n);
  const asked = kernel.log.length;
  await fails(() => slots.lookup(10), 'InvalidValue', /index 10 is outside 'slots' \(max_entries 10: 0 to 9\)/);
  await fails(() => slots.update(-1, 0n), 'InvalidValue', /index -1 is outside/);
  await fails(() => slots.lookup(1.5), 'InvalidValue', /the index is 1.5, but must be a whole number/);
  assert.equal(kernel.log.length, asked);
  assert.deepEqual(
    (await slots.lookupBatch(2)).map(([index]) => index),
    [0, 1],
  );
});

test('per-CPU values are arrays of info().num_cpus', async () => {
  const { control } = await start(['per_cpu', 'percpu_hash'], ['per_cpu_slots', 'percpu_array']);
  const hits = new bpf.PercpuHashMap<number, bigint>(control, 'per_cpu');
  assert.equal(hits.info().num_cpus, 4);
  await hits.update(1, [1n, 2n, 3n, 4n]);
  assert.deepEqual(await hits.lookup(1), [1n, 2n, 3n, 4n]);
  await fails(
    () => hits.update(1, [1n]),
    'InvalidValue',
    /must be an array of info\(\)\.num_cpus = 4 values, not an array of 1/,
  );
  await fails(() => hits.update(1, 5n as never), 'InvalidValue', /not 5n/);
  await fails(() => hits.update(1, [1n, 2n, 3n, -4n]), 'InvalidValue', /value\[3\]: -4n? does not fit/);
  const slots = new bpf.PercpuArrayMap<number>(control, 'per_cpu_slots');
  await slots.update(2, new Uint32Array([1, 2, 3, 4]));
  assert.deepEqual(await slots.lookup(2), [1, 2, 3, 4], 'values of 4 bytes lie 8 apart');
  const all = await collect(slots.entries());
  assert.deepEqual(all[2], [2, [1, 2, 3, 4]]);
});

test('tries take strings and prefixes', async () => {
  const { control } = await start(['acl', 'lpm']);
  const acl = new bpf.LpmTrie<bigint>(control, 'acl');
  await acl.update('abcd', 1n);
  await acl.update({ prefixlen: 16, data: [10, 0] }, 2n);
  assert.deepEqual(
    (await collect(acl.entries())).map(([key]) => key.prefixlen),
    [32, 16],
  );
  assert.equal(await acl.lookup({ prefixlen: 32, data: [97, 98, 99, 100] }), 1n);
});

test('keyless kinds', async () => {
  const { control } = await start(['seen', 'bloom'], ['jobs', 'queue'], ['undo', 'stack']);
  const seen = new bpf.BloomFilter<bigint>(control, 'seen');
  await seen.insert(5n);
  assert.deepEqual([await seen.contains(5n), await seen.contains(6n)], [true, false]);
  assert.deepEqual(seen.info(), { map_type: 'bloom_filter', value_size: 8, max_entries: 10 });
  const jobs = new bpf.QueueMap<bigint>(control, 'jobs');
  const undo = new bpf.StackMap<bigint>(control, 'undo');
  for (const map of [jobs, undo]) for (const value of [1n, 2n]) await map.push(value);
  assert.deepEqual([await jobs.peek(), await jobs.pop(), await jobs.pop(), await jobs.pop()], [1n, 1n, 2n, undefined]);
  assert.deepEqual([await undo.peek(), await undo.pop(), await undo.pop(), await undo.pop()], [2n, 2n, 1n, undefined]);
});

test('raw maps speak bytes', async () => {
  const { control } = await start(['devs', 'devmap'], ['local', 'task_storage']);
  const devs = new bpf.RawMap(control, 'devs');
  await devs.update(Uint8Array.of(1, 0, 0, 0), Uint8Array.of(2, 0, 0, 0));
  assert.deepEqual(await devs.lookup(Uint8Array.of(1, 0, 0, 0)), Uint8Array.of(2, 0, 0, 0));
  await fails(() => devs.lookup(Uint8Array.of(1)), 'InvalidValue', /key/);
  assert.equal(new bpf.TaskStorage(control, 'local').info().map_type, 'task_storage');
});

test('batches lift everything before the kernel sees anything', async () => {
  const { kernel, control } = await start(['counts', 'hash']);
  const counts = new bpf.HashMap<number, bigint>(control, 'counts');
  await fails(
    () =>
      counts.updateBatch([
        [1, 1n],
        [2, -1n],
      ]),
    'InvalidValue',
    /updateBatch\(\) on map 'counts': pairs\[1\] value: -1n? does not fit/,
  );
  await fails(
    () => counts.updateBatch([[1, 1n], 5 as never]),
    'InvalidValue',
    /pairs\[1\] is 5, but must be \[key, value\]/,
  );
  await fails(
    () => counts.updateBatch('ab' as never),
    'InvalidValue',
    /the argument is "ab", but must be an array of \[key, value\] pairs/,
  );
  assert.equal(kernel.map('counts').size, 0);
  await counts.updateBatch(
    new Map([
      [1, 10n],
      [2, 20n],
    ]),
  );
  assert.deepEqual(await counts.lookupBatch(), [
    [1, 10n],
    [2, 20n],
  ]);
  const error = await fails(() => counts.deleteBatch([1, 5, 2]), 'NotFound', /no such key/);
  assert.equal(error.applied, 1);
  assert.deepEqual(await counts.drainBatch(1), [[2, 20n]]);
  const tooMany = Array.from({ length: 20 }, (_, key): [number, bigint] => [key, 0n]);
  assert.equal((await fails(() => counts.updateBatch(tooMany), 'E2BIG', /full/)).applied, 10);
  await counts.updateBatch([]);
  await counts.deleteBatch([]);
  for (const count of [0, -1, 1.5, '3', NaN])
    await fails(() => counts.lookupBatch(count as number), 'InvalidOpts', /whole number from 1/);
});

test('calls that are not awaited apply in call order, batches on a worker thread too', async () => {
  const { kernel, control } = await start(['slots', 'array']);
  const slots = new bpf.ArrayMap<bigint>(control, 'slots');
  const other = new bpf.ArrayMap<bigint>(control, 'slots');
  const many = Array.from({ length: 500 }, (_, i): [number, bigint] => [i % 10, BigInt(i)]);
  const value = { toString: () => '' };
  const results = Promise.all([
    slots.updateBatch(many),
    slots.lookup(9),
    other.update(9, 1n),
    slots.lookup(9),
    slots.updateBatch([[9, 2n]]),
    other.lookup(9),
    fails(() => slots.update(9, value as never), 'InvalidValue', /value/),
  ]);
  assert.deepEqual((await results).slice(0, 6), [undefined, 499n, undefined, 1n, undefined, 2n]);
  const order = kernel.log.filter((name) => /^(updateBatch|update|lookup)/.test(name));
  assert.deepEqual(order, ['updateBatchAsync', 'lookup', 'update', 'lookup', 'updateBatchAsync', 'lookup']);
});

test('arguments are taken when the call is made, not when its turn comes', async () => {
  const { control } = await start(['per_cpu_slots', 'percpu_array'], ['counts', 'hash']);
  const slots = new bpf.PercpuArrayMap<number>(control, 'per_cpu_slots');
  const counts = new bpf.HashMap<number, bigint>(control, 'counts');
  const value = [1, 2, 3, 4];
  const walk = slots.entries();
  const first = walk.next();
  const written = slots.update(0, value);
  value[0] = 99;
  await Promise.all([first, written]);
  assert.deepEqual(await slots.lookup(0), [1, 2, 3, 4]);
  assert.deepEqual(await first, { value: [0, [0, 0, 0, 0]], done: false });
  await counts.clear();
});

test('a getter that calls the same map does not disturb the call it runs in', async () => {
  const { control } = await start(['acl', 'lpm']);
  const acl = new bpf.LpmTrie<bigint>(control, 'acl');
  await acl.update('wxyz', 7n);
  const inner: Promise<unknown>[] = [];
  const key = {
    prefixlen: 32,
    get data() {
      inner.push(acl.lookup('wxyz'), acl.update('qqqq', 9n));
      return [97, 98, 99, 100];
    },
  };
  await acl.update(key, 1n);
  assert.deepEqual(await Promise.all(inner.slice(0, 1)), [7n]);
  assert.deepEqual([await acl.lookup('abcd'), await acl.lookup('qqqq')], [1n, 9n]);
  const failing = {
    prefixlen: 8,
    get data(): number[] {
      throw new RangeError('mine');
    },
  };
  await assert.rejects(acl.lookup(failing), /^RangeError: mine$/);
});

test('walks: pages, break, keys, values, options, calls not awaited', async () => {
  const { kernel, control } = await start(['counts', 'hash']);
  const counts = new bpf.HashMap<number, bigint>(control, 'counts');
  for (let key = 0; key < 10; key++) await counts.update(key, BigInt(key * 2));
  const pairs = Array.from({ length: 10 }, (_, key) => [key, BigInt(key * 2)]);
  assert.deepEqual(await collect(counts.entries()), pairs);
  assert.deepEqual(
    await collect(counts.keys({ batchSize: 4 })),
    pairs.map(([key]) => key),
  );
  assert.deepEqual(
    await collect(counts.values()),
    pairs.map(([, value]) => value),
  );
  for await (const [key] of counts.entries({ batchSize: 2 })) if (key === 3) break;
  assert.equal(kernel.live.walks, 0, 'break closes the cursor');
  const walk = counts.entries({ batchSize: 3 });
  const together = await Promise.all(Array.from({ length: 12 }, () => walk.next()));
  assert.deepEqual(
    together.slice(0, 10).map((result) => result.value),
    pairs,
  );
  assert.deepEqual(together.slice(10), [
    { value: undefined, done: true },
    { value: undefined, done: true },
  ]);
  assert.equal(kernel.live.walks, 0, 'the end closes the cursor');
  await fails(
    () => counts.entries({ batchSize: 0 }).next(),
    'InvalidOpts',
    /entries\(\{ batchSize \}\) on map 'counts': 0 must be/,
  );
  await fails(() => counts.keys(5 as never).next(), 'InvalidOpts', /options is 5/);
  const ended = counts.entries();
  await ended.next();
  assert.deepEqual(await ended.return('x'), { value: 'x', done: true });
  assert.deepEqual(await ended.next(), { value: undefined, done: true });
});

test('a walk fetches the next page while this one is read', async () => {
  const { kernel, control } = await start(['counts', 'hash']);
  const counts = new bpf.HashMap<number, bigint>(control, 'counts');
  for (let key = 0; key < 10; key++) await counts.update(key, 1n);
  const pages = (): number => kernel.log.filter((call) => call === 'scanNext').length;
  const before = pages();
  const walk = counts.keys({ batchSize: 4 });
  await walk.next();
  assert.equal(pages() - before, 1, 'whoever looks at the first entry pays for one page');
  await walk.next();
  for (let turn = 0; turn < 100 && pages() - before < 2; turn++) await new Promise((resolve) => setTimeout(resolve, 1));
  assert.equal(pages() - before, 2);
  const rest = await collect(walk);
  assert.deepEqual([rest.length, rest[0], pages() - before], [8, 2, 4]);
  const abandoned = counts.keys({ batchSize: 4 });
  for (let i = 0; i < 2; i++) await abandoned.next();
  await control.stop();
  await fails(() => abandoned.next(), 'Stopped', /is stopped/);
});

test('stop applies what was called before it and takes nothing after', async () => {
  const { kernel, control } = await start(['slots', 'array']);
  const slots = new bpf.ArrayMap<bigint>(control, 'slots');
  const many = Array.from({ length: 500 }, (_, i): [number, bigint] => [i % 10, 1n]);
  const map = kernel.map('slots');
  const batch = slots.updateBatch(many);
  const after = slots.update(3, 33n);
  const stopping = control.stop();
  await fails(() => slots.lookup(1), 'Stopped', /is stopped/);
  await Promise.all([batch, after, stopping]);
  const value = new Uint8Array(8);
  map.lookup(Uint8Array.of(3, 0, 0, 0), value);
  assert.equal(value[0], 33);
});
