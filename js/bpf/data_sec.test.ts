import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FakeKernel } from '../../tests/bpf/fake-kernel.ts';
import { machine, PATH } from '../../tests/bpf/probe.ts';
import { type BpfControl, BpfObject, DataSec } from './mod.ts';

async function start(
  rodata: object = {},
): Promise<{ kernel: FakeKernel; control: BpfControl; data: DataSec; rodata: DataSec }> {
  const kernel = machine();
  const object = new BpfObject({ exe: PATH })
    .bind('.data', { kind: 'data' })
    .bind('.rodata', { kind: 'data', ...rodata });
  const control = await object.start();
  return { kernel, control, data: new DataSec(control, 'probe.data'), rodata: new DataSec(control, '.rodata') };
}

test('read: whole, one, unknown', async () => {
  const { kernel, data } = await start();
  kernel.map('.data').image.set([7, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3]);
  assert.deepEqual(await data.read(), { counter: 7n, origin: { x: 1, y: 2 }, level: 3 });
  assert.deepEqual(await data.read('origin'), { x: 1, y: 2 });
  assert.equal(await data.read('nothing'), undefined);
  await assert.rejects(data.read(5 as never), { code: 'InvalidValue', message: /the symbol is 5/ });
});

test('patch writes the named leaves and nothing else', async () => {
  const { kernel, data } = await start();
  const { image } = kernel.map('.data');
  image.fill(0xee);
  await data.patch('origin', { y: 5 });
  assert.deepEqual([...image.subarray(8, 16)], [0xee, 0xee, 0xee, 0xee, 5, 0, 0, 0]);
  await data.patch({ counter: 1n, level: 2 });
  assert.deepEqual(
    [...image],
    [1, 0, 0, 0, 0, 0, 0, 0, 0xee, 0xee, 0xee, 0xee, 5, 0, 0, 0, 2, 0, 0, 0, 0xee, 0xee, 0xee, 0xee],
  );
});

test('one bad value and nothing changes', async () => {
  const { kernel, data } = await start();
  const before = kernel.map('.data').image.slice();
  await assert.rejects(data.patch({ level: 1, counter: -1n }), {
    code: 'InvalidValue',
    message: /patch\(\) on map '.data': counter: /,
  });
  await assert.rejects(data.patch({ level: 1, target_pid: 2 }), {
    code: 'InvalidValue',
    message: /no global 'target_pid' here; it is in '.rodata'/,
  });
  await assert.rejects(data.patch('nothing', 1), {
    code: 'InvalidValue',
    message: /no global 'nothing' here; it has 'counter', 'origin', 'level'/,
  });
  await assert.rejects(data.patch(5 as never), { code: 'InvalidValue', message: /the first argument is 5/ });
  await assert.rejects(data.patch({ level: 1, origin: { z: 1 } }), { code: 'InvalidValue', message: /origin/ });
  assert.deepEqual(kernel.map('.data').image, before);
});

test('a frozen section rejects patches and says why', async () => {
  const { kernel, rodata } = await start({ freeze: true, init: { target_pid: 42 } });
  assert.deepEqual(kernel.started?.sections[1], {
    map: '.rodata',
    init: [{ offset: 0, bytes: Uint8Array.of(42, 0, 0, 0), mask: null }],
    freeze: true,
  });
  assert.equal(await rodata.read('target_pid'), 42);
  await assert.rejects(rodata.patch('target_pid', 1), { code: 'PermissionDenied', message: /bound with freeze: true/ });
});

test('an object that a getter stops meanwhile is not written to', async () => {
  const { kernel, control, data } = await start();
  const before = kernel.map('.data').image.slice();
  const { image } = kernel.map('.data');
  let stopping: Promise<void> | undefined;
  const values = {
    get level() {
      stopping = control.stop();
      return 1;
    },
  };
  await assert.rejects(data.patch(values), { code: 'Stopped' });
  await stopping;
  assert.deepEqual(image, before);
});
