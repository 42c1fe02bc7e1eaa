import { RingBuf } from 'yeet:bpf';
import probe, { type event } from '../flows.bpf.o';
import { exactly } from './exactly.ts';

const control = await probe.bind('events', { kind: 'ringbuf', btf_struct: 'event', capacity: 64 }).start();
const events = new RingBuf(control, 'events');
exactly<RingBuf<{ event: event }>>()(events);
await events.subscribe(({ event }) => {
  exactly<bigint>()(event.ts);
  exactly<Uint8Array>()(event.mac);
  exactly<number>()(event.dscp);
  exactly<number>()(event.at.x);
  exactly<number>()(event.code);
  exactly<bigint>()(event.cookie);
  exactly<number[][]>()(event.history);
  exactly<bigint>()(event.id);
  exactly<number>()(event.key.port);
});
await events.subscribe((all) => exactly<{ event: event }[]>()(all), { batch: true });
for await (const { event } of events) exactly<number>()(event.pid);
