import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FakeKernel } from '../../tests/bpf/fake-kernel.ts';
import type { FakeRing } from '../../tests/bpf/fake-ring.ts';
import { event, logged, machine, PATH } from '../../tests/bpf/probe.ts';
import { type BpfControl, BpfError, BpfObject, RingBuf } from './mod.ts';

interface Setup {
  kernel: FakeKernel;
  control: BpfControl;
  ring: FakeRing;
  events: RingBuf;
}

async function start(options: object = { btf_struct: 'event' }): Promise<Setup> {
  const kernel = machine();
  const control = await new BpfObject({ exe: PATH }).bind('events', { kind: 'ringbuf', ...options }).start();
  return { kernel, control, ring: kernel.rings.get('events') as FakeRing, events: new RingBuf(control, 'events') };
}

const pids = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => event(from + i, 'x'));

test('records arrive keyed by the struct, in order, several subscriptions each', async () => {
  const { kernel, control, ring, events } = await start();
  const seen: unknown[] = [];
  const other: number[] = [];
  ring.emit(event(1, 'early'));
  let resolved = false;
  const first = events.subscribe((record) => {
    assert.ok(resolved, 'no callback before the promise has resolved');
    seen.push(record);
  });
  void first.then(() => {
    resolved = true;
  });
  await first;
  await events.subscribe(({ event: { pid } }) => other.push(pid));
  ring.emit(...pids(2, 12));
  await sleep(20);
  assert.deepEqual(seen[0], { event: { pid: 1, comm: 'early' } });
  assert.equal(seen.length, 11);
  assert.deepEqual(other, [2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
  assert.ok(kernel.unreferenced.length > 0, 'a subscription does not keep the isolate');
  await control.stop();
  assert.equal(kernel.live.subscriptions, 0);
});

test('without btf_struct the bytes arrive', async () => {
  const { control, ring, events } = await start({});
  const seen: Uint8Array[] = [];
  await events.subscribe(({ data }) => seen.push(data));
  ring.emit(Uint8Array.of(1, 2, 3));
  await control.stop();
  assert.deepEqual(seen, [Uint8Array.of(1, 2, 3)]);
});

test('stop delivers what is queued before it resolves', async () => {
  const { control, ring, events } = await start();
  const seen: number[] = [];
  await events.subscribe(({ event: { pid } }) => seen.push(pid));
  ring.emit(...pids(0, 30));
  await control.stop();
  assert.equal(seen.length, 30);
});

test('a throwing callback goes to onError and delivery goes on', async () => {
  const { control, ring, events } = await start();
  const errors: unknown[] = [];
  const seen: number[] = [];
  await events.subscribe(
    ({ event: { pid } }) => {
      if (pid === 2) throw new Error('two');
      if (pid === 3) return Promise.reject(new Error('three'));
      return seen.push(pid);
    },
    (error) => errors.push(error.message),
  );
  ring.emit(...pids(1, 6));
  await control.stop();
  assert.deepEqual(seen, [1, 4, 5]);
  assert.deepEqual(errors, ['two', 'three']);
});

test('onError defaults to console.error of the message', async () => {
  const { control, ring, events } = await start({ btf_struct: 'event', capacity: 2 });
  const lines = await logged(async () => {
    await events.subscribe(({ event: { pid } }) => {
      if (pid === 9) throw new Error('nine');
      if (pid === 8) throw 'a string';
    });
    ring.emit(...pids(5, 10));
    await control.stop();
  });
  assert.match(
    lines[0] as string,
    /^3 records were dropped from 'events': .* its capacity of 2 records; .* raise capacity in bind\(\)$/,
  );
  assert.deepEqual(lines.slice(1), ['a string', 'nine']);
});

test('one Lagged error per burst says how many were lost', async () => {
  const { control, ring, events } = await start({ btf_struct: 'event', capacity: 4 });
  const errors: BpfError[] = [];
  const seen: number[] = [];
  const sub = await events.subscribe(
    ({ event: { pid } }) => seen.push(pid),
    (error) => errors.push(error as BpfError),
  );
  ring.emit(...pids(0, 10));
  await sleep(10);
  assert.equal(errors.length, 1);
  assert.ok(errors[0] instanceof BpfError);
  assert.deepEqual(
    [errors[0].name, errors[0].code, errors[0].missed, errors[0].map],
    ['Lagged', 'Lagged', 6, 'events'],
  );
  assert.deepEqual(seen, [6, 7, 8, 9]);
  assert.deepEqual(sub.stats(), { received: 10, delivered: 4, lagged: 6, queued: 0, kernelDropped: undefined });
  await control.stop();
  assert.equal(sub.stats().received, 10, 'counts are readable afterwards');
});

test('unsubscribe inside the callback ends delivery at once', async () => {
  const { kernel, control, ring, events } = await start();
  const seen: number[] = [];
  const sub = await events.subscribe(async ({ event: { pid } }) => {
    seen.push(pid);
    if (pid === 2) await sub.unsubscribe();
  });
  ring.emit(...pids(0, 8));
  await sleep(10);
  assert.deepEqual(seen, [0, 1, 2]);
  const { delivered, queued, lagged, received } = sub.stats();
  assert.deepEqual(
    [delivered, queued, lagged, received],
    [3, 5, 0, 8],
    'what the callback did not see is not delivered',
  );
  assert.equal(kernel.live.subscriptions, 0);
  await sub.unsubscribe();
  await sub[Symbol.asyncDispose]();
  await control.stop();
});

test('batches are arrays', async () => {
  const { control, ring, events } = await start();
  const batches: number[][] = [];
  await events.subscribe((batch) => batches.push(batch.map(({ event: { pid } }: { event: { pid: number } }) => pid)), {
    batch: true,
  });
  ring.emit(...pids(0, 6));
  await control.stop();
  assert.deepEqual(batches, [
    [0, 1, 2, 3],
    [4, 5],
  ]);
});

test('for await hands out every record and ends with the object', async () => {
  const { kernel, control, ring, events } = await start();
  ring.emit(...pids(0, 6));
  const seen: number[] = [];
  for await (const { event: record } of events) {
    seen.push(record.pid);
    if (record.pid === 3) break;
  }
  assert.deepEqual(seen, [0, 1, 2, 3]);
  assert.equal(kernel.live.subscriptions, 0, 'break unsubscribes');
  const rest: number[] = [];
  const loop = (async () => {
    for await (const { event: record } of events) rest.push(record.pid);
  })();
  await sleep(5);
  ring.emit(...pids(10, 16));
  await control.stop();
  await loop;
  assert.deepEqual(rest, [10, 11, 12, 13, 14, 15]);
  await assert.rejects(events[Symbol.asyncIterator]().next(), { code: 'Stopped' });
});

test('subscribe checks its arguments and the handle', async () => {
  const { control, events } = await start();
  await assert.rejects(events.subscribe(5 as never), {
    code: 'InvalidOpts',
    message: /the callback is 5, but must be a function/,
  });
  await assert.rejects(
    events.subscribe(() => 0, 'x' as never),
    { code: 'InvalidOpts', message: /onError is "x"/ },
  );
  await assert.rejects(
    events.subscribe(() => 0, { batch: 1 } as never),
    { code: 'InvalidOpts', message: /batch is 1/ },
  );
  await control.stop();
  await assert.rejects(
    events.subscribe(() => 0),
    { code: 'Stopped' },
  );
});

test('a pump that failed is told of once and ends the subscription', async () => {
  const { kernel, control, ring, events } = await start();
  const errors: string[] = [];
  await events.subscribe(
    () => assert.fail('no record'),
    (error) => errors.push((error as BpfError).code),
  );
  ring.fail(kernel.error('Io', 'the ring is damaged'));
  await sleep(10);
  assert.deepEqual(errors, ['Io']);
  assert.equal(kernel.live.subscriptions, 0);
  await control.stop();
});

test('a throw in onError is an unhandled rejection', async () => {
  const { control, ring, events } = await start();
  // The runner's own listener would fail the test.
  const runner = process.rawListeners('unhandledRejection') as (() => void)[];
  process.removeAllListeners('unhandledRejection');
  const unhandled = new Promise<unknown>((resolve) => {
    process.once('unhandledRejection', resolve);
  });
  await events.subscribe(
    () => {
      throw new Error('first');
    },
    () => {
      throw new Error('second');
    },
  );
  ring.emit(event(1, 'x'));
  assert.equal(((await unhandled) as Error).message, 'second');
  for (const listener of runner) process.on('unhandledRejection', listener);
  await control.stop();
});
