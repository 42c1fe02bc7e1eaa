import { RingBuf } from 'yeet:bpf';
import { doorbell, emit, sleep, text, until, withDoorbell } from '../../../fixtures/spec/check.ts';
import object from '../../../fixtures/spec/ring.bpf.o';

const control = await withDoorbell(object).bind('events', { kind: 'ringbuf', btf_struct: 'event' }).start();
const ring = await doorbell(control);
const events = new RingBuf(control, 'events');
let first = 0;
let second = 0;
const one = await events.subscribe(() => first++);
await events.subscribe(() => second++);
emit(ring, 1, 10);
await until(() => first === 10 && second === 10, 'ten records came');
console.log(await one.unsubscribe());
emit(ring, 1, 10);
await until(() => second === 20, 'ten more came');
await sleep(50);
console.log(first, second);
await one.unsubscribe();
console.log(text(one.stats()));
// Records on their way when unsubscribe() is called are not delivered either.
let third = 0;
const three = await events.subscribe(() => third++);
emit(ring, 1, 64);
const leaving = three.unsubscribe();
await leaving;
await sleep(50);
console.log(third);
await control.stop();
