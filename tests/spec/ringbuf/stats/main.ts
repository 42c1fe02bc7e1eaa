import { RingBuf } from 'yeet:bpf';
import { doorbell, emit, sleep, until, withDoorbell } from '../../../fixtures/spec/check.ts';
import object from '../../../fixtures/spec/ring.bpf.o';

const control = await withDoorbell(object).bind('events', { kind: 'ringbuf', btf_struct: 'event' }).start();
const ring = await doorbell(control);
const events = new RingBuf(control, 'events');
let count = 0;
const subscription = await events.subscribe(() => count++);
console.log(subscription.stats());
emit(ring, 1, 30);
await until(() => count === 30, 'thirty came');
console.log(subscription.stats());
await subscription.unsubscribe();
emit(ring, 1, 30);
await sleep(20);
console.log(subscription.stats());
await control.stop();
