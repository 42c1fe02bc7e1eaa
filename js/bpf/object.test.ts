import assert from 'node:assert/strict';
import { test } from 'node:test';
import { logged, machine, PATH, probe } from '../../tests/bpf/probe.ts';
import { BpfControl, BpfError, BpfObject, HashMap } from './mod.ts';

const rejects = (promise: Promise<unknown>, code: string, message: RegExp): Promise<void> =>
  assert.rejects(promise, (error) => {
    assert.ok(error instanceof BpfError, String(error));
    assert.equal(error.code, code);
    assert.equal(error.name, code);
    assert.match(error.message, message);
    return true;
  });

const throws = (work: () => unknown, message: RegExp): void =>
  assert.throws(
    work,
    (error) => error instanceof BpfError && error.code === 'InvalidOpts' && message.test(error.message),
  );

test('exe is resolved below base', () => {
  machine();
  assert.equal(new BpfObject({ exe: 'x.bpf.o', base: '/a' }).exe, '/a/x.bpf.o');
  assert.equal(new BpfObject({ exe: '/b/x.bpf.o', base: '/a' }).exe, '/b/x.bpf.o');
  throws(() => new BpfObject({ exe: 1 } as never), /exe is 1, but must be the path/);
  throws(() => new BpfObject(undefined as never), /exe is undefined/);
  throws(() => new BpfObject({ exe: 'x', base: 7 } as never), /base is 7/);
});

test('bind and attach chain', () => {
  machine();
  const object = new BpfObject({ exe: PATH });
  assert.equal(object.bind('counts', { kind: 'hash' }).attach('on_exec', null), object);
});

test('bind checks its arguments', async () => {
  machine();
  const bind = (name: unknown, spec: unknown) => () => new BpfObject({ exe: PATH }).bind(name as string, spec as never);
  throws(bind('', { kind: 'hash' }), /name is ""/);
  throws(bind('m', undefined), /second argument is undefined/);
  throws(bind('m', {}), /kind is missing \(the kinds are 'ringbuf', 'data', 'hashmap'/);
  throws(bind('m', { kind: 'hasmap' }), /kind is "hasmap"; did you mean "hashmap"\?/);
  throws(bind('m', { kind: 'ringbuf', capacity: 0 }), /capacity is 0, but must be a whole number from 1/);
  throws(bind('m', { kind: 'ringbuf', capacity: 1.5 }), /capacity is 1.5/);
  throws(bind('m', { kind: 'ringbuf', capacity: '8' }), /capacity is "8"/);
  throws(bind('m', { kind: 'ringbuf', btf_struct: 3 }), /btf_struct is 3/);
  throws(bind('m', { kind: 'data', freeze: 'yes' }), /freeze is "yes"/);
  throws(bind('m', { kind: 'data', init: [1] }), /init is an array of 1/);
  throws(
    () => new BpfObject({ exe: PATH }).bind('m', { kind: 'hash' }).bind('m', { kind: 'hash' }),
    /'m' is bound already/,
  );
  assert.deepEqual(await logged(bind('m', { kind: 'hash', capacity: undefined })), []);
  assert.deepEqual(await logged(bind('m', { kind: 'hash', capacity: 4 })), [
    "bind('m', ...): ignoring 'capacity': kind 'hashmap' takes no options",
  ]);
  assert.deepEqual(await logged(bind('m', { kind: 'ringbuf', size: 4 })), [
    "bind('m', ...): ignoring 'size': kind 'ringbuf' knows 'btf_struct', 'capacity', 'byteCap'",
  ]);
});

test('every spelling of the specification is a kind, with hyphens too', () => {
  machine();
  const spellings =
    'ringbuf ring_buf data hashmap hash_map hash lru_hashmap lru_hash_map lru_hash lpm_trie lpm array percpu_hashmap percpu_hash_map ' +
    'percpu_hash lru_percpu_hashmap lru_percpu_hash_map lru_percpu_hash percpu_array bloom_filter bloom';
  for (const kind of spellings.split(' ')) {
    new BpfObject({ exe: PATH }).bind('m', { kind });
    new BpfObject({ exe: PATH }).bind('m', { kind: kind.replaceAll('_', '-') });
  }
});

test('attach checks its arguments', () => {
  machine();
  const attach = (name: unknown, spec: unknown) => () =>
    new BpfObject({ exe: PATH }).attach(name as string, spec as never);
  throws(attach(7, null), /program is 7/);
  throws(attach('p', 'auto'), /the spec is "auto", but must be/);
  throws(attach('p', { kind: 'teleport' }), /kind is "teleport"/);
  throws(attach('p', { binary: '/bin/sh' }), /kind is missing/);
  throws(() => new BpfObject({ exe: PATH }).attach('p').attach('p', {}), /program 'p' is declared already/);
});

test('start hands over what was declared', async () => {
  const kernel = machine();
  const object = new BpfObject({ exe: PATH })
    .bind('events', { kind: 'ringbuf', btf_struct: 'event', capacity: 16 })
    .bind('probe.data', { kind: 'data', init: { level: 3, origin: { y: 2 } } })
    .attach('on_exec', {})
    .attach('on_exit', false);
  const control = await object.start();
  assert.ok(control instanceof BpfControl);
  assert.match(control.id, /^probe-\d+$/);
  assert.deepEqual(control.programs()[0], {
    name: 'on_exec',
    section: 'tp/sched/sched_process_exec',
    type: 'tracepoint',
    id: 7,
    attached: [{ how: 'perf_event', target: 'tp/sched/sched_process_exec' }],
    stats: undefined,
  });
  const { started } = kernel;
  assert.deepEqual(started?.maps, ['events', '.data']);
  assert.deepEqual(started?.rings, [{ map: 'events', capacity: 16, byteCap: 16 * 1024 * 1024 }]);
  assert.deepEqual(started?.attach, [
    { program: 'on_exec', how: { lane: 'auto', cookie: null } },
    { program: 'on_exit', how: { lane: 'off' } },
  ]);
  assert.equal(started?.sections[0]?.map, '.data');
  assert.deepEqual([...kernel.map('.data').image.subarray(12, 20)], [2, 0, 0, 0, 3, 0, 0, 0]);
  await control.stop();
  assert.throws(() => control.programs(), { code: 'Stopped' });
});

test('a started object takes no more calls until it is stopped', async () => {
  const kernel = machine();
  const object = new BpfObject({ exe: PATH }).bind('counts', { kind: 'hash' });
  const starting = object.start();
  await rejects(object.start(), 'InvalidOpts', /start\(\): .* is starting/);
  const control = await starting;
  await rejects(object.start(), 'InvalidOpts', /is started; stop\(\) its control first/);
  throws(() => object.bind('slots', { kind: 'array' }), /bind\(\): .* is started/);
  throws(() => object.attach('on_exec'), /attach\(\): .* is started/);
  const stopping = control.stop();
  assert.equal(control.stop(), stopping);
  await stopping;
  assert.equal(control.stop(), stopping);
  assert.deepEqual(kernel.live, { opened: 0, objects: 0, maps: 0, walks: 0, readings: 0, subscriptions: 0 });
  const again = await object.bind('slots', { kind: 'array' }).start();
  assert.notEqual(again.id, control.id);
  await again[Symbol.asyncDispose]();
});

test('a failed start leaves nothing open and can be tried again', async () => {
  const kernel = machine();
  const missing = new BpfObject({ exe: '/objects/none.bpf.o' });
  await rejects(missing.start(), 'NotFound', /no such file/);
  await rejects(missing.start(), 'NotFound', /no such file/);
  kernel.files.set(PATH, {
    ...probe(),
    startError: kernel.error('VerifierRejected', 'no', { log: 'line\n'.repeat(4000) }),
  });
  const error = await new BpfObject({ exe: PATH }).start().catch((reason) => reason);
  assert.equal(error.code, 'VerifierRejected');
  assert.equal(error.log.length, 20_000);
  assert.ok(!Object.keys(error).includes('log'), 'the log is not printed with the error');
  assert.match(error.stack, /object\.test\.ts/, 'the stack shows who called start()');
  assert.deepEqual(kernel.live, { opened: 0, objects: 0, maps: 0, walks: 0, readings: 0, subscriptions: 0 });
});

test('what does not fit the object rejects before anything is loaded', async () => {
  const kernel = machine();
  const object = () => new BpfObject({ exe: PATH });
  await rejects(
    object().bind('events', { kind: 'ringbuf', btf_struct: 'evnt' }).start(),
    'InvalidOpts',
    /no struct 'evnt'; did you mean "event"\?.*const struct evnt \*unused_evnt/,
  );
  await rejects(
    object().attach('on_exe').start(),
    'InvalidOpts',
    /no such program; did you mean "on_exec"\? \(it has 'on_exec', 'on_exit'\)/,
  );
  await rejects(
    object().bind('.data', { kind: 'data' }).bind('probe.data', { kind: 'data' }).start(),
    'InvalidOpts',
    /'.data' and 'probe.data' name the same section/,
  );
  await rejects(
    object()
      .bind('.data', { kind: 'data', init: { level: -1 } })
      .start(),
    'InvalidValue',
    /init \}\): level: -1 does not fit/,
  );
  await rejects(
    object()
      .bind('.data', { kind: 'data', init: { lvl: 1 } })
      .start(),
    'InvalidValue',
    /no global 'lvl'; the section has 'counter'/,
  );
  kernel.files.set(PATH, { ...probe(), btf: new Uint8Array(3) });
  await rejects(object().start(), 'InvalidObject', /its BTF cannot be read/);
  assert.ok(!kernel.log.includes('start'));
  assert.deepEqual(kernel.live, { opened: 0, objects: 0, maps: 0, walks: 0, readings: 0, subscriptions: 0 });
});

test('a bound name that the object does not have is one warning, and its handle rejects', async () => {
  machine();
  const object = new BpfObject({ exe: PATH }).bind('count', { kind: 'hash' });
  let control: BpfControl | undefined;
  const lines = await logged(async () => {
    control = await object.start();
  });
  assert.equal(lines.length, 1);
  assert.match(
    lines[0] as string,
    /bind\('count', \.\.\.\): .* has no such map; did you mean "counts"\? \(it has 'events', 'counts'/,
  );
  await rejects(
    new HashMap(control as BpfControl, 'count').lookup(1),
    'NotFound',
    /'count' is bound, but .* has no such map/,
  );
});
