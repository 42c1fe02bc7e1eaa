import { RingBuf } from 'yeet:bpf';
import { doorbell, emit, until, withDoorbell } from '../../../fixtures/spec/check.ts';
import object from '../../../fixtures/spec/ring.bpf.o';

const control = await withDoorbell(object).bind('events', { kind: 'ringbuf', btf_struct: 'event' }).start();
const ring = await doorbell(control);
const events = new RingBuf(control, 'events');
let count = 0;
await events.subscribe(() => {
  count++;
  throw new Error(`no ${count}`);
});
emit(ring, 1, 3);
await until(() => count === 3, 'three records came');
console.log('went on');
await control.stop();
