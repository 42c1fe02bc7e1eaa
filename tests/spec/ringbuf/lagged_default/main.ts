import { RingBuf } from 'yeet:bpf';
import { doorbell, emit, until, withDoorbell } from '../../../fixtures/spec/check.ts';
import object from '../../../fixtures/spec/ring.bpf.o';

const control = await withDoorbell(object)
  .bind('events', { kind: 'ringbuf', btf_struct: 'event', capacity: 16 })
  .start();
const ring = await doorbell(control);
const events = new RingBuf(control, 'events');
let last = -1n;
await events.subscribe(({ event }) => {
  last = event.number;
});
emit(ring, 1, 640);
await until(() => last === 639n, 'the newest record came');
console.log('done');
await control.stop();
