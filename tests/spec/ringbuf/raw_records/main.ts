import { RingBuf } from 'yeet:bpf';
import { doorbell, hex, until, withDoorbell } from '../../../fixtures/spec/check.ts';
import object from '../../../fixtures/spec/ring.bpf.o';

const control = await withDoorbell(object).bind('events', { kind: 'ringbuf' }).start();
const ring = await doorbell(control);
const events = new RingBuf(control, 'events');
const got: { data: Uint8Array }[] = [];
await events.subscribe((record) => got.push(record));
for (const bytes of [40, 1, 64, 17]) ring(2, bytes);
await until(() => got.length === 4, 'four records came');
for (const { data } of got)
  console.log(data instanceof Uint8Array, data.length, new DataView(data.buffer, data.byteOffset).getUint8(0));
console.log(got[0] && hex(got[0].data.slice(32)));
await control.stop();
