import { RingBuf } from 'yeet:bpf';
import { doorbell, emit, withDoorbell } from '../../../fixtures/spec/check.ts';
import probe from '../../../fixtures/spec/ring.bpf.o';

withDoorbell(probe).bind('events', { kind: 'ringbuf', btf_struct: 'event' });
const control = await probe.start();
const ring = await doorbell(control);
const events = new RingBuf(control, 'events');
await events.subscribe(({ event }) => {
  console.log('event', event.number);
  yeet.exit(3);
});
emit(ring, 1, 5);
await new Promise(() => {});
