import { RingBuf } from 'yeet:bpf';
import { doorbell, emit, equal, until, withDoorbell } from '../../../fixtures/spec/check.ts';
import object from '../../../fixtures/spec/ring.bpf.o';

const control = await withDoorbell(object).bind('events', { kind: 'ringbuf', btf_struct: 'event' }).start();
const ring = await doorbell(control);
const events = new RingBuf(control, 'events');
const sizes: number[] = [];
const got: number[] = [];
await events.subscribe(
  (batch) => {
    sizes.push(batch.length);
    for (const { event } of batch) got.push(Number(event.number));
  },
  { batch: true },
);
emit(ring, 1, 640);
await until(() => got.length === 640, 'all came');
equal(got, [...Array(640).keys()], 'numbers');
console.log(
  sizes.length < 320,
  sizes.every((size) => size > 0),
);
await control.stop();
