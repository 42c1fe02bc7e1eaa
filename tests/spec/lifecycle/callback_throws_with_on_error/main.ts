import { RingBuf } from 'yeet:bpf';
import { doorbell, emit, withDoorbell } from '../../../fixtures/spec/check.ts';
import probe from '../../../fixtures/spec/ring.bpf.o';

withDoorbell(probe).bind('events', { kind: 'ringbuf', btf_struct: 'event' });
const control = await probe.start();
const ring = await doorbell(control);
const events = new RingBuf(control, 'events');
await new Promise<void>((resolve) => {
  events.subscribe(
    ({ event }) => {
      console.log('event', event.number);
      if (event.number === 1n) throw new Error('in the callback');
      if (event.number === 2n) resolve();
    },
    (error) => console.log('onError', error.message),
  );
  emit(ring, 1, 3);
});
await control.stop();
