import { RingBuf } from 'yeet:bpf';
import { doorbell, until, withDoorbell } from '../../../fixtures/spec/check.ts';
import probe from '../../../fixtures/spec/probe.bpf.o';

// 1. declare the maps to reach, then start: every program in the object attaches by its ELF section
const control = await withDoorbell(probe)
  .bind('events', { kind: 'ringbuf', btf_struct: 'event', capacity: 4096 })
  .start();

// 2. open a typed handle to a bound map and use it
const events = new RingBuf(control, 'events');
let received = false;
await events.subscribe(({ event }) => {
  console.log(event);
  received = true;
});

const ring = await doorbell(control);
ring(0, 42);
await until(() => received, 'the event came');
