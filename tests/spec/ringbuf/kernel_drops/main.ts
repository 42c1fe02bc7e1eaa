import { DataSec, RingBuf } from 'yeet:bpf';
import { doorbell, emit, until, withDoorbell } from '../../../fixtures/spec/check.ts';
import object from '../../../fixtures/spec/ring.bpf.o';

const control = await withDoorbell(object)
  .bind('events', { kind: 'ringbuf', btf_struct: 'event', capacity: 100_000 })
  .bind('.bss', { kind: 'data' })
  .start();
const ring = await doorbell(control);
let received = 0;
let last = -1n;
let disorder = 0;
await new RingBuf(control, 'events').subscribe(({ event }) => {
  received++;
  if (event.number <= last) disorder++;
  last = event.number;
});
for (let burst = 0; burst < 5; burst++) {
  emit(ring, 1, 10_000);
  const { produced } = await new DataSec(control, '.bss').read();
  await until(() => BigInt(received) === produced, 'what was produced came');
}
const { produced, dropped } = await new DataSec(control, '.bss').read();
console.log(produced + dropped, dropped > 10_000n, BigInt(received) === produced, disorder);
await control.stop();
