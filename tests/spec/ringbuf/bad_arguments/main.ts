import { RingBuf } from 'yeet:bpf';
import { doorbell, failure, withDoorbell } from '../../../fixtures/spec/check.ts';
import object from '../../../fixtures/spec/ring.bpf.o';

const control = await withDoorbell(object).bind('events', { kind: 'ringbuf', btf_struct: 'event' }).start();
const ring = await doorbell(control);
const events = new RingBuf(control, 'events');
ring(1, 0);
for (const args of [
  [],
  [3],
  [null],
  [() => {}, 3],
  [() => {}, 'x'],
  [() => {}, undefined, { batch: 1 }],
  [() => {}, { batch: 'yes' }],
]) {
  console.log(await failure(() => (events.subscribe as (...args: unknown[]) => unknown).apply(events, args)));
}
await control.stop();
