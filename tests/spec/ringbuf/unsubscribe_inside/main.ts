import { RingBuf } from 'yeet:bpf';
import { doorbell, emit, sleep, text, until, withDoorbell } from '../../../fixtures/spec/check.ts';
import object from '../../../fixtures/spec/ring.bpf.o';

const control = await withDoorbell(object).bind('events', { kind: 'ringbuf', btf_struct: 'event' }).start();
const ring = await doorbell(control);
const events = new RingBuf(control, 'events');
const got: bigint[] = [];
const subscription = await events.subscribe(({ event }) => {
  got.push(event.number);
  if (got.length === 3) void subscription.unsubscribe();
});
emit(ring, 1, 64);
await until(() => got.length >= 3, 'three records came');
await sleep(50);
console.log(text(got));
await control.stop();
