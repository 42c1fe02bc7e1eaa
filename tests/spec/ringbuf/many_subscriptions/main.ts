import { RingBuf } from 'yeet:bpf';
import { doorbell, emit, until, withDoorbell } from '../../../fixtures/spec/check.ts';
import object from '../../../fixtures/spec/ring.bpf.o';

const control = await withDoorbell(object).bind('events', { kind: 'ringbuf', btf_struct: 'event' }).start();
const ring = await doorbell(control);
const events = new RingBuf(control, 'events');
let count = 0;
for (let i = 0; i < 10_000; i++) {
  const subscription = await events.subscribe(() => count++);
  await subscription.unsubscribe();
}
await events.subscribe(() => count++);
emit(ring, 1, 7);
await until(() => count === 7, 'seven came');
console.log(count);
await control.stop();
