import { RingBuf } from 'yeet:bpf';
import { doorbell, emit, withDoorbell } from '../../../fixtures/spec/check.ts';
import probe from '../../../fixtures/spec/ring.bpf.o';

withDoorbell(probe).bind('events', { kind: 'ringbuf', btf_struct: 'event' });
const control = await probe.start();
const ring = await doorbell(control);
const events = new RingBuf(control, 'events');
let seen = 0;
const sub = await events.subscribe(async ({ event }) => {
  console.log('event', event.number);
  if (++seen === 2) {
    await sub.unsubscribe();
    await control.stop();
    console.log('stopped');
  }
});
setTimeout(() => emit(ring, 1, 2), 50);
console.log('settled');
