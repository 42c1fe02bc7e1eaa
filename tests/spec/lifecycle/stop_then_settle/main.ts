import { RingBuf } from 'yeet:bpf';
import { withDoorbell } from '../../../fixtures/spec/check.ts';
import probe from '../../../fixtures/spec/ring.bpf.o';

withDoorbell(probe).bind('events', { kind: 'ringbuf', btf_struct: 'event' });
const control = await probe.start();
const events = new RingBuf(control, 'events');
const sub = await events.subscribe(() => {});
await sub.unsubscribe();
await control.stop();
console.log('end');
