import { RingBuf } from 'yeet:bpf';
import { doorbell, emit, equal, sleep, withDoorbell } from '../../../fixtures/spec/check.ts';
import object from '../../../fixtures/spec/ring.bpf.o';

const control = await withDoorbell(object).bind('events', { kind: 'ringbuf', btf_struct: 'event' }).start();
const ring = await doorbell(control);
const events = new RingBuf(control, 'events');
const got: number[] = [];
await events.subscribe(({ event }) => got.push(Number(event.number)));
emit(ring, 1, 1000);
await control.stop();
equal(got, [...Array(1000).keys()], 'numbers');
console.log(got.length);
const after = got.length;
await sleep(20);
console.log(got.length === after);
