import { RingBuf } from 'yeet:bpf';
import { doorbell, until, withDoorbell } from '../../../fixtures/spec/check.ts';
import object from '../../../fixtures/spec/ring.bpf.o';

const control = await withDoorbell(object).bind('events', { kind: 'ringbuf', btf_struct: 'packet' }).start();
const ring = await doorbell(control);
const events = new RingBuf(control, 'events');
const got: { packet: { length: number; payload: Uint8Array } }[] = [];
await events.subscribe((record) => got.push(record));
for (const bytes of [4, 5, 64, 2]) ring(2, bytes);
await until(() => got.length === 4, 'four records came');
for (const { packet } of got) console.log(packet.length, packet.payload.length);
await control.stop();
