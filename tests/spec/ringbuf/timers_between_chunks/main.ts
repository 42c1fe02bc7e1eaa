import { DataSec, RingBuf } from 'yeet:bpf';
import { doorbell, emit, until, withDoorbell } from '../../../fixtures/spec/check.ts';
import object from '../../../fixtures/spec/ring.bpf.o';

const control = await withDoorbell(object)
  .bind('events', { kind: 'ringbuf', btf_struct: 'event', capacity: 100_000 })
  .bind('.bss', { kind: 'data' })
  .start();
const ring = await doorbell(control);
const events = new RingBuf(control, 'events');
let count = 0;
let before = 0;
await events.subscribe(() => count++);
for (let i = 0; i < 32; i++) {
  emit(ring, 1, 1024);
  const until = performance.now() + 2;
  while (performance.now() < until);
}
setTimeout(() => {
  before = count;
}, 0);
const produced = Number(await new DataSec(control, '.bss').read('produced'));
await until(() => count === produced, 'all came');
console.log(produced > 8192, before < produced);
await control.stop();
