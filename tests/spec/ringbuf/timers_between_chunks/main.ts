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
const bss = new DataSec(control, '.bss');
const emitted = async () => Number(await bss.read('produced'));
// More than the queue hands over in one turn. Nothing here lets the event loop turn; the pump empties the kernel's buffer meanwhile.
const deadline = performance.now() + 10_000;
while ((await emitted()) <= 16_384 && performance.now() < deadline) {
  emit(ring, 1, 1024);
  const until = performance.now() + 2;
  while (performance.now() < until);
}
setTimeout(() => {
  before = count;
}, 0);
const produced = await emitted();
await until(() => count === produced, 'all came');
console.log(produced > 8192, before < produced);
await control.stop();
