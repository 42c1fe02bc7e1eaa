import { RingBuf } from 'yeet:bpf';
import { doorbell, emit, sleep, until, withDoorbell } from '../../../fixtures/spec/check.ts';
import object from '../../../fixtures/spec/ring.bpf.o';

const control = await withDoorbell(object).bind('events', { kind: 'ringbuf', btf_struct: 'event' }).start();
const ring = await doorbell(control);
const events = new RingBuf(control, 'events');
const first: bigint[] = [];
emit(ring, 1, 5);
for await (const { event } of events) {
  first.push(event.number);
  if (first.length === 3) break;
}
console.log(first.join());
const second: bigint[] = [];
const walk = (async () => {
  for await (const { event } of events) second.push(event.number);
  return 'ended';
})();
await sleep(10);
emit(ring, 1, 5);
await until(() => second.length === 5, 'five came');
await control.stop();
console.log(second.join(), await walk);
await control.stop();
