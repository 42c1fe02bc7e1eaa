import { type BpfControl, type BpfSubscription, HashMap, RingBuf } from 'yeet:bpf';
import { doorbell, emit, failure, type Ring, sleep, until, withDoorbell } from '../../../fixtures/spec/check.ts';
import object from '../../../fixtures/spec/ring.bpf.o';

withDoorbell(object).bind('events', { kind: 'ringbuf', btf_struct: 'event' });

async function started(): Promise<[BpfControl, RingBuf, Ring]> {
  const control = await object.start();
  return [control, new RingBuf(control, 'events'), await doorbell(control)];
}

{
  // stop() inside the callback: what came before it is delivered, and the promise resolves although it is awaited inside.
  const [control, events, ring] = await started();
  let calls = 0;
  let stopping: Promise<void> | undefined;
  await events.subscribe(() => {
    calls++;
    stopping ??= control.stop();
  });
  emit(ring, 1, 8);
  await until(() => stopping !== undefined, 'the callback has run');
  await stopping;
  console.log('stop inside a callback', calls);
}
{
  const [control, events, ring] = await started();
  let stopped = false;
  await events.subscribe(
    async () => {
      await control.stop();
      stopped = true;
    },
    () => undefined,
  );
  emit(ring, 1, 1);
  await until(() => stopped, 'the callback has seen the end');
  console.log('awaited inside a callback');
}
{
  const [control, events, ring] = await started();
  let stopping: Promise<void> | undefined;
  await events.subscribe(
    () => {
      throw new Error('thrown');
    },
    () => {
      stopping = control.stop();
    },
  );
  emit(ring, 1, 3);
  await until(() => stopping !== undefined, 'onError has run');
  await stopping;
  console.log('stop inside onError');
}
{
  const [control, events, ring] = await started();
  emit(ring, 1, 4);
  let rounds = 0;
  for await (const _ of events) if (++rounds === 1) void control.stop();
  console.log('stop inside for await', rounds);
  await control.stop();
}
{
  // Twice, and beside calls that are under way.
  const [control] = await started();
  const bell = new HashMap(control, 'doorbell');
  const key = { nonce: 1n, command: 0, a: 0, b: 0n };
  const before = bell.lookup(key);
  const [first, second] = [control.stop(), control.stop()];
  const after = failure(() => bell.lookup(key));
  console.log('twice', first === second, await before, await after);
  await Promise.all([first, second, control[Symbol.asyncDispose]()]);
}
{
  // A callback that ends its own subscription, another one and the object, and subscribes again.
  const [control, events, ring] = await started();
  const seen: string[] = [];
  let other: BpfSubscription | undefined;
  const own = await events.subscribe(async () => {
    seen.push('own');
    await own.unsubscribe();
    await own.unsubscribe();
    await other?.unsubscribe();
    await events.subscribe(() => seen.push('again'));
  });
  other = await events.subscribe(() => seen.push('other'));
  emit(ring, 1, 1);
  await until(() => seen.includes('own'), 'the callback has run');
  await sleep(20);
  emit(ring, 1, 1);
  await until(() => seen.includes('again'), 'the new subscription gets records');
  console.log(seen.filter((name) => name !== 'other').join());
  const { queued } = own.stats();
  await control.stop();
  await own.unsubscribe();
  console.log(queued, own.stats().delivered);
  console.log(await failure(() => events.subscribe(() => undefined)));
}
