import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakePrograms } from '../../tests/bpf/fake-programs.ts';
import { event, logged, machine, PATH, probe } from '../../tests/bpf/probe.ts';
import { BtfBuilder } from '../../tests/codec/btf-builder.ts';
import type { BpfControl } from './control.ts';
import { BpfObject } from './object.ts';

const start = (): Promise<BpfControl> => new BpfObject({ exe: PATH }).start();
const targets = (control: BpfControl): string[] => control.programs()[0]?.attached.map(({ target }) => target) ?? [];

async function all<T>(from: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of from) items.push(item);
  return items;
}

test('attaching and detaching take effect in call order, and before stop()', async () => {
  const kernel = machine();
  const control = await start();
  const calls = [
    control.detach('on_exec'),
    control.attach('on_exec', { cgroup: '/a' }),
    control.attach('on_exec', { cgroup: '/b' }),
  ];
  await Promise.all(calls);
  assert.deepEqual(targets(control), ['/a', '/b']);
  void control.detach('on_exec');
  await control.stop();
  assert.deepEqual(kernel.log.slice(-2), ['detach', 'stop']);
});

test('a change that fails leaves the next ones alone', async () => {
  machine();
  const control = await start();
  const failing = control.attach('nobody', { cgroup: '/a' });
  const next = control.attach('on_exec', { cgroup: '/b' });
  await assert.rejects(failing, { code: 'InvalidOpts', message: /no program 'nobody'/ });
  await next;
  assert.deepEqual(targets(control).slice(1), ['/b']);
  await control.stop();
});

test('warnings of an attaching are printed', async () => {
  machine();
  const control = await start();
  assert.deepEqual(await logged(() => control.attach('on_exec', { cgroup: '/quiet' })), []);
  assert.deepEqual(await logged(() => control.attach('on_exec', { cgroup: '/warn' })), ['a warning']);
  await control.stop();
});

test('what a running program does not take', async () => {
  machine();
  const control = await start();
  await assert.rejects(control.attach('on_exec', false as never), { message: /detach\('on_exec'\) detaches/ });
  await assert.rejects(control.attach('on_exec', { autoattach: false }), { message: /says where to attach it/ });
  await assert.rejects(control.attach('on_exec', { cgroup: 3 }), { code: 'InvalidOpts', message: /cgroup is 3/ });
  await assert.rejects(control.detach(3 as never), { message: /detach\(program\): program is 3/ });
  await assert.rejects(control.run('' as never), { message: /run\(program, options\): program is ""/ });
  assert.throws(() => control.iterate(undefined as never), {
    message: /iterate\(program, options\): program is undefined/,
  });
  await control.stop();
  for (const late of [control.attach('on_exec'), control.detach('on_exec'), control.run('on_exec')]) {
    await assert.rejects(late, { code: 'Stopped' });
  }
  await assert.rejects(control.iterate('on_exec').next(), { code: 'Stopped' });
});

test('run hands copies over and gives back what comes', async () => {
  machine();
  const control = await start();
  const data = new Uint8Array([1, 2, 3]);
  const running = control.run('on_exec', { data, ctx: [1, -1n], repeat: 5, cpu: 0 });
  data.fill(0);
  const ran = await running;
  assert.deepEqual([ran.returnValue, ran.durationNs, ran.data], [-1, 12, new Uint8Array([1, 2, 3])]);
  assert.deepEqual(FakePrograms.ran?.ctx, new Uint8Array([1, 0, 0, 0, 0, 0, 0, 0, ...Array(8).fill(255)]));
  assert.deepEqual([FakePrograms.ran?.repeat, FakePrograms.ran?.cpu], [5, 0]);
  assert.ok(ran.ctx instanceof Uint8Array);
  assert.deepEqual(await control.run('on_exec'), {
    returnValue: -1,
    durationNs: 12,
    data: undefined,
    ctx: undefined,
  });
  assert.deepEqual((await control.run('on_exec', { data: [9], ctx: new ArrayBuffer(2) })).ctx, new Uint8Array([1, 1]));
  await control.stop();
});

test("run takes a value of the argument's type and gives it back", async () => {
  const btf = new BtfBuilder();
  const u32 = btf.int('unsigned int', 4);
  const args = btf.struct('args', 8, [
    { name: 'a', type: u32, offset: 0 },
    { name: 'b', type: u32, offset: 32 },
  ]);
  btf.raw('on_exec', 12, 1, false, btf.proto(u32, [btf.ptr(args)]));
  machine({ ...probe(), btf: btf.bytes(), maps: [] });
  const control = await start();
  const { ctx } = await control.run('on_exec', { ctx: { a: 0, b: 0x01020304 } });
  assert.deepEqual(ctx, { a: 0x01010101, b: 0x02030405 });
  await assert.rejects(control.run('on_exec', { ctx: { a: -1 } }), {
    code: 'InvalidValue',
    message: /^run\('on_exec', \.\.\.\): ctx\.a: -1 does not fit/,
  });
  await assert.rejects(control.run('on_exit', { ctx: { a: 1 } }), {
    code: 'InvalidOpts',
    message: /does not tell the type of its argument; give ctx as bytes/,
  });
  await control.stop();
});

test('run refuses what it cannot take', async () => {
  machine();
  const control = await start();
  const refuses = (options: unknown, message: RegExp) =>
    assert.rejects(control.run('on_exec', options as object), { code: 'InvalidOpts', program: 'on_exec', message });
  await refuses(3, /options is 3, but must be an object with 'data', 'ctx', 'repeat', 'cpu'/);
  await refuses({ time: 3 }, /time is not an option here/);
  await refuses({ data: 'abc' }, /data is "abc", but must be bytes/);
  await refuses({ data: [0, 256] }, /data\[1\] is 256, but must be a byte, 0 to 255/);
  const gone = new Uint8Array(4);
  structuredClone(gone, { transfer: [gone.buffer] });
  await refuses({ data: gone.buffer }, /data is an ArrayBuffer whose buffer is gone/);
  await refuses({ ctx: 3 }, /ctx is 3, but must be a value of the program's argument/);
  await refuses({ ctx: [1, 1.5] }, /ctx\[1\] is 1\.5, but must be a BigInt or whole number of 64 bits/);
  await refuses({ ctx: [2n ** 64n] }, /ctx\[0\] is 18446744073709551616n, but must be/);
  await refuses({ ctx: [-(2n ** 63n) - 1n] }, /ctx\[0\] is -9223372036854775809n, but must be/);
  await refuses({ repeat: 0 }, /repeat is 0, but must be a whole number from 1 to 2147483647/);
  await refuses({ cpu: -1 }, /cpu is -1, but must be a whole number from 0/);
  await control.stop();
});

test('iterate splits text into lines, wherever the chunks end', async () => {
  const kernel = machine();
  const control = await start();
  const bytes = new TextEncoder().encode('é one\ntwo\n\nthree');
  for (const size of [1, 2, 5, 100]) {
    const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
      bytes.slice(i * size, (i + 1) * size),
    );
    FakePrograms.written.set('on_exec', pieces);
    assert.deepEqual(await all(control.iterate('on_exec')), ['é one', 'two', '', 'three']);
  }
  assert.equal(kernel.live.readings, 0);
  await control.stop();
});

test('iterate decodes records, and says when the bytes are none', async () => {
  const kernel = machine();
  const control = await start();
  const [one, two] = [event(1, 'a'), event(2, 'b')];
  FakePrograms.written.set('on_exec', [one.slice(0, 10), new Uint8Array([...one.slice(10), ...two])]);
  assert.deepEqual(await all(control.iterate('on_exec', { btf_struct: 'event' })), [
    { event: { pid: 1, comm: 'a' } },
    { event: { pid: 2, comm: 'b' } },
  ]);
  FakePrograms.written.set('on_exec', [one.slice(0, 10)]);
  await assert.rejects(all(control.iterate('on_exec', { btf_struct: 'event' })), {
    code: 'InvalidValue',
    message: /wrote 10 bytes behind the last whole struct event of 24/,
  });
  assert.deepEqual(await all(control.iterate('on_exec', { bytes: true })), [one.slice(0, 10)]);
  assert.equal(kernel.live.readings, 0);
  await control.stop();
});

test('iterate ends with the loop or the object', async () => {
  const kernel = machine();
  const control = await start();
  FakePrograms.written.set('on_exec', [new TextEncoder().encode('a\nb\n'), new TextEncoder().encode('c\n')]);
  for await (const line of control.iterate('on_exec')) {
    assert.equal(line, 'a');
    break;
  }
  assert.equal(kernel.live.readings, 0);
  const lines = control.iterate('on_exec');
  await lines.next();
  await control.stop();
  await assert.rejects(lines.next(), { code: 'Stopped' });
});

test('iterate refuses what it cannot take', async () => {
  machine();
  const control = await start();
  const refuses = (options: unknown, message: RegExp) =>
    assert.rejects(control.iterate('on_exec', options as object).next(), { code: 'InvalidOpts', message });
  await refuses(3, /options is 3/);
  await refuses({ struct: 'event' }, /struct is not an option here/);
  await refuses({ btf_struct: 3 }, /btf_struct is 3/);
  await refuses({ btf_struct: 'evnt' }, /has no struct 'evnt'; did you mean|has no struct 'evnt'/);
  await refuses({ bytes: 1 }, /bytes is 1, but must be true or false/);
  await refuses({ btf_struct: 'event', bytes: true }, /exclude each other/);
  await assert.rejects(control.iterate('nobody').next(), { message: /no program 'nobody'/ });
  await control.stop();
});
