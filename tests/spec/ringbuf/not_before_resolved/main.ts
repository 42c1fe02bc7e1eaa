import { RingBuf } from 'yeet:bpf';
import { doorbell, emit, sleep, until, withDoorbell } from '../../../fixtures/spec/check.ts';
import object from '../../../fixtures/spec/ring.bpf.o';

const control = await withDoorbell(object).bind('events', { kind: 'ringbuf', btf_struct: 'event' }).start();
const ring = await doorbell(control);
const events = new RingBuf(control, 'events');
emit(ring, 1, 5);
await sleep(30);
const log: string[] = [];
const subscribing = events.subscribe(({ event }) => log.push(`event ${event.number}`)).then(() => log.push('resolved'));
log.push('called');
await subscribing;
await until(() => log.length === 7, 'five records came');
console.log(log.join(', '));
// A later subscription gets what comes from then on.
const late: bigint[] = [];
await events.subscribe(({ event }) => late.push(event.number));
emit(ring, 1, 2);
await until(() => late.length === 2, 'two records came');
console.log(late.join());
await control.stop();
