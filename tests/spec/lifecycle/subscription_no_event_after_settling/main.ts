import { RingBuf } from 'yeet:bpf';
import { doorbell, emit, withDoorbell } from '../../../fixtures/spec/check.ts';
import probe from '../../../fixtures/spec/ring.bpf.o';

withDoorbell(probe).bind('events', { kind: 'ringbuf', btf_struct: 'event' });
const control = await probe.start();
const ring = await doorbell(control);
const events = new RingBuf(control, 'events');
await new Promise<void>((resolve) => {
  events.subscribe(({ event }) => {
    console.log('event', event.number);
    resolve();
  });
  emit(ring, 1, 1);
});
// These are in the queue of the subscription when the module settles.
emit(ring, 1, 10);
const start = Date.now();
while (Date.now() - start < 100);
console.log('end');
