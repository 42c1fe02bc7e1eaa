import { RingBuf } from 'yeet:bpf';
import { doorbell, emit, until, withDoorbell } from '../../../fixtures/spec/check.ts';
import object from '../../../fixtures/spec/ring.bpf.o';

const control = await withDoorbell(object).bind('events', { kind: 'ringbuf', btf_struct: 'event' }).start();
const ring = await doorbell(control);
const events = new RingBuf(control, 'events');
const got: bigint[] = [];
const errors: string[] = [];
await events.subscribe(
  ({ event }) => {
    got.push(event.number);
    if (event.number % 2n === 1n) throw new RangeError(`odd ${event.number}`);
  },
  (error) => errors.push(String(error)),
);
await events.subscribe(
  async ({ event }) => {
    if (event.number === 2n) throw new TypeError('from a promise');
  },
  (error) => errors.push(String(error)),
);
emit(ring, 1, 5);
await until(() => got.length === 5 && errors.length === 3, 'all came');
console.log(got.join(), errors.sort().join(', '));
await control.stop();
