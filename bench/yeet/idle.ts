// A subscription without events, for its memory and its CPU time.

import { RingBuf } from 'yeet:bpf';
import load from '../bpf/load.bpf.o';

const control = await load.bind('events', { kind: 'ringbuf', btf_struct: 'event' }).start();
await new RingBuf(control, 'events').subscribe(() => undefined);
console.log('ready');
await new Promise(() => {});
