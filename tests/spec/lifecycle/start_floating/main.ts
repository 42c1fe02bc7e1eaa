import { RingBuf } from 'yeet:bpf';
import probe from '../../../fixtures/spec/ring.bpf.o';

async function main(): Promise<void> {
  const control = await probe.bind('events', { kind: 'ringbuf', btf_struct: 'event' }).start();
  await new RingBuf(control, 'events').subscribe(() => console.log('never'));
  console.log('never');
}

main();
console.log('end');
