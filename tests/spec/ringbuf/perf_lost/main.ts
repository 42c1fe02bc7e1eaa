import { DataSec, PerfBuffer } from 'yeet:bpf';
import { doorbell, emit, sleep, until, withDoorbell } from '../../../fixtures/spec/check.ts';
import object from '../../../fixtures/spec/ring.bpf.o';

const control = await withDoorbell(object)
  .bind('samples', { kind: 'perfbuf', btf_struct: 'event', capacity: 100_000 })
  .bind('.bss', { kind: 'data' })
  .start();
const ring = await doorbell(control);
let last = -1n;
let disorder = 0;
const subscription = await new PerfBuffer(control, 'samples').subscribe(({ event }) => {
  if (event.number <= last) disorder++;
  last = event.number;
});
emit(ring, 4, 50_000);
await sleep(100);
// The kernel writes its count of lost records with the next record that fits.
emit(ring, 4, 1);
await until(() => last === 50_000n, 'the last record came');
const { produced, dropped } = await new DataSec(control, '.bss').read();
const { received, delivered, lagged, kernelDropped } = subscription.stats();
console.log(produced + dropped, dropped > 0n, disorder);
console.log(BigInt(received) === produced, received === delivered, lagged, BigInt(kernelDropped ?? -1) === dropped);
await control.stop();
