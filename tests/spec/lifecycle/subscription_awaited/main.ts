import { RingBuf } from 'yeet:bpf';
import { doorbell, emit, withDoorbell } from '../../../fixtures/spec/check.ts';
import probe from '../../../fixtures/spec/ring.bpf.o';

withDoorbell(probe).bind('events', { kind: 'ringbuf', btf_struct: 'event' });
const control = await probe.start();
const ring = await doorbell(control);
const events = new RingBuf(control, 'events');
let seen = 0;
await new Promise<void>((resolve) => {
  events.subscribe(({ event }) => {
    console.log('event', event.number);
    if (++seen === 3) resolve();
  });
  setTimeout(() => emit(ring, 1, 3), 20);
});
console.log('end');
