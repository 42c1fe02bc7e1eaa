import { RingBuf } from 'yeet:bpf';
import { doorbell, emit, until, withDoorbell } from '../../../fixtures/spec/check.ts';
import object from '../../../fixtures/spec/ring.bpf.o';

const control = await withDoorbell(object).bind('events', { kind: 'ringbuf', btf_struct: 'event' }).start();
const ring = await doorbell(control);
const events = new RingBuf(control, 'events');
await events.subscribe(
  () => {
    throw new Error('of the callback');
  },
  () => {
    throw new Error('of onError');
  },
);
emit(ring, 1, 1);
await until(() => false, 'the script ends');
await control.stop();
