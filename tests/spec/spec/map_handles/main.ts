import { HashMap, RingBuf } from 'yeet:bpf';
import probe from '../../../fixtures/spec/probe.bpf.o';

const control = await probe
  .bind('flows', { kind: 'hashmap' })
  .bind('events', { kind: 'ringbuf', btf_struct: 'event' })
  .start();
const flows = new HashMap(control, 'flows');
const events = new RingBuf(control, 'events');
console.log(flows.info(), (await events.subscribe(() => {})) !== undefined);
await control.stop();
