import { type BpfError, DataSec, RingBuf } from 'yeet:bpf';
import { doorbell, emit, sleep, until, withDoorbell } from '../../../fixtures/spec/check.ts';
import object from '../../../fixtures/spec/ring.bpf.o';

const control = await withDoorbell(object)
  .bind('events', { kind: 'ringbuf', btf_struct: 'event' })
  .bind('.bss', { kind: 'data' })
  .start();
const ring = await doorbell(control);
const bss = new DataSec(control, '.bss');
while ((await bss.read('produced')) < 10_000n) {
  emit(ring, 1, 512);
  await sleep(5);
}
const produced = Number(await bss.read('produced'));
let received = 0;
let missed = 0;
await new RingBuf(control, 'events').subscribe(
  () => received++,
  (error) => {
    missed += (error as BpfError).missed ?? 0;
  },
);
await until(() => received + missed === produced, 'all are accounted for');
console.log(received);
await control.stop();
