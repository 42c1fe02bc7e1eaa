import { DataSec, HashMap, RingBuf } from 'yeet:bpf';
import probe from '../../../fixtures/spec/probe.bpf.o';

probe
  .bind('events', { kind: 'ringbuf', btf_struct: 'event', capacity: 8192 })
  .bind('flows', { kind: 'hashmap' })
  .bind('.rodata', { kind: 'data' });

const control = await probe.start();
const subscription = await new RingBuf(control, 'events').subscribe(() => {});
const flows = new HashMap(control, 'flows');
await flows.update({ address: 1, port: 2 }, 3n);
console.log(await flows.lookup({ address: 1, port: 2 }));
console.log(await new DataSec(control, '.rodata').read('target_pid'));
await subscription.unsubscribe();
await control.stop();
