import { RingBuf } from 'yeet:bpf';
import probe from '../flows.bpf.o';

const control = await probe.bind('events', { kind: 'ringbuf', btf_struct: 'event' }).start();
const events = new RingBuf(control, 'events');
await events.subscribe(({ event }) => console.log(event.ppid)); // error: TS2551
await events.subscribe(({ exec_event }) => console.log(exec_event)); // error: TS2339
for await (const { event } of events) console.log(event.ts + 1); // error: TS2365
