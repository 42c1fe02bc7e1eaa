import { RingBuf } from 'yeet:bpf';
import { doorbell, withDoorbell } from '../../../fixtures/spec/check.ts';
import probe from '../../../fixtures/spec/probe.bpf.o';

const control = await withDoorbell(probe).bind('events', { kind: 'ringbuf', btf_struct: 'event' }).start();
const ring = await doorbell(control);
await new RingBuf(control, 'events').subscribe(() => console.log('never'));
setTimeout(() => console.log('never either'), 10);
ring(0);
console.log('settles');
