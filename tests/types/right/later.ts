import { ArrayMap, type BpfObject, RingBuf } from 'yeet:bpf';
import probe, { type config, type Types } from '../flows.bpf.o';
import { exactly } from './exactly.ts';

// Bound in a statement of its own: maps keep their types, records are whatever the other statement said.
const object: BpfObject<Types> = probe;
object.bind('configs', { kind: 'array' });
object.bind('events', { kind: 'ringbuf', btf_struct: 'event' });
const control = await object.start();
exactly<config | undefined>()(await new ArrayMap(control, 'configs').lookup(0));
await new RingBuf(control, 'events').subscribe(({ event }) => console.log(event.pid));
