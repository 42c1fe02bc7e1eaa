import { type BpfError, RingBuf } from 'yeet:bpf';
import { doorbell, emit, sleep, until, withDoorbell } from '../../../fixtures/spec/check.ts';
import object from '../../../fixtures/spec/ring.bpf.o';

const control = await withDoorbell(object)
  .bind('events', { kind: 'ringbuf', btf_struct: 'event', capacity: 8 })
  .start();
const ring = await doorbell(control);
const events = new RingBuf(control, 'events');
emit(ring, 1, 100);
await sleep(100);
const got: bigint[] = [];
const errors: Error[] = [];
await events.subscribe(
  ({ event }) => got.push(event.number),
  (error) => errors.push(error),
);
await until(() => got.length === 8, 'what waited came');
await sleep(20);
console.log(got.join(), errors.map((error) => `${error.name} ${(error as BpfError).missed}`).join());
await control.stop();
