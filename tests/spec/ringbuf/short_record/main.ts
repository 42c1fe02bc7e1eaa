import { RingBuf } from 'yeet:bpf';
import { doorbell, text, until, withDoorbell } from '../../../fixtures/spec/check.ts';
import object from '../../../fixtures/spec/ring.bpf.o';

const control = await withDoorbell(object).bind('events', { kind: 'ringbuf', btf_struct: 'event' }).start();
const ring = await doorbell(control);
const events = new RingBuf(control, 'events');
const got: string[] = [];
await events.subscribe(({ event }) => got.push(text({ ...event, pid: event.pid > 0 })));
for (const bytes of [32, 8, 1, 20]) ring(2, bytes);
await until(() => got.length === 4, 'four records came');
for (const line of got) console.log(line);
await control.stop();
