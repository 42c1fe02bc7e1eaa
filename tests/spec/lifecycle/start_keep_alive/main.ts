import { RingBuf } from 'yeet:bpf';
import { doorbell, emit, withDoorbell } from '../../../fixtures/spec/check.ts';
import probe from '../../../fixtures/spec/ring.bpf.o';

async function main(): Promise<void> {
  const control = await withDoorbell(probe).bind('events', { kind: 'ringbuf', btf_struct: 'event' }).start();
  await new RingBuf(control, 'events').subscribe(({ event }) => {
    console.log('event', event.number);
    yeet.exit(0);
  });
  emit(await doorbell(control), 1, 1);
}

main();
console.log('settled');
