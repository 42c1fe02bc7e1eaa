// From nothing to the first event of a tracepoint.

import { RingBuf } from 'yeet:bpf';
import first from '../bpf/first.bpf.o';

const control = await first.bind('events', { kind: 'ringbuf', btf_struct: 'event' }).start();
await new RingBuf(control, 'events').subscribe(({ event }) => {
  console.log(event.pid, event.comm);
  yeet.exit();
});
await new Promise(() => {});
