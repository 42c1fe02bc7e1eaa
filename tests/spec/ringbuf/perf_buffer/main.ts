import { PerfBuffer } from 'yeet:bpf';
import { doorbell, emit, equal, until, withDoorbell } from '../../../fixtures/spec/check.ts';
import object from '../../../fixtures/spec/ring.bpf.o';

const control = await withDoorbell(object)
  .bind('events', { kind: 'ringbuf', btf_struct: 'event' })
  .bind('samples', { kind: 'perfbuf', btf_struct: 'event' })
  .start();
const ring = await doorbell(control);
const samples = new PerfBuffer(control, 'samples');
const got: number[] = [];
const subscription = await samples.subscribe(({ event }) => got.push(Number(event.number)));
emit(ring, 4, 200);
await until(() => got.length === 200, 'all came');
equal(
  got.sort((a, b) => a - b),
  [...Array(200).keys()],
  'numbers',
);
console.log(subscription.stats());
await control.stop();
