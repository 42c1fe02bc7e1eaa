import { RingBuf } from 'yeet:bpf';
import { doorbell, emit, withDoorbell } from '../../../fixtures/spec/check.ts';
import probe from '../../../fixtures/spec/ring.bpf.o';

const control = await withDoorbell(probe).bind('events', { kind: 'ringbuf', btf_struct: 'event' }).start();
const ring = await doorbell(control);
const kept: unknown[] = [];
await new RingBuf(control, 'events').subscribe(({ event }) => {
  try {
    for (;;) kept.push({ ...event, kept: [kept.length] });
  } finally {
    console.log('never');
  }
});
emit(ring, 1, 1);
await new Promise(() => {});
