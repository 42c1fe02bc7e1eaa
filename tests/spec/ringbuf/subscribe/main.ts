import { BpfSubscription, RingBuf } from 'yeet:bpf';
import { doorbell, emit, until, withDoorbell } from '../../../fixtures/spec/check.ts';
import object from '../../../fixtures/spec/ring.bpf.o';

const control = await withDoorbell(object).bind('events', { kind: 'ringbuf', btf_struct: 'event' }).start();
const ring = await doorbell(control);
const events = new RingBuf(control, 'events');
const got: { event: { number: bigint; pid: number; name: string; mark: Uint8Array } }[] = [];
const subscription = await events.subscribe((record) => got.push(record));
console.log(subscription instanceof BpfSubscription);
emit(ring, 1, 3);
await until(() => got.length === 3, 'three records came');
for (const { event, ...rest } of got) {
  console.log(event.number, typeof event.pid, event.name, event.mark, Object.keys(rest).length);
  console.log(Object.keys(event).join());
}
await control.stop();
