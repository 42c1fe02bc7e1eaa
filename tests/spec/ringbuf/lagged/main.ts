import { type BpfError, RingBuf } from 'yeet:bpf';
import { doorbell, emit, text, until, withDoorbell } from '../../../fixtures/spec/check.ts';
import object from '../../../fixtures/spec/ring.bpf.o';

const control = await withDoorbell(object)
  .bind('events', { kind: 'ringbuf', btf_struct: 'event', capacity: 16 })
  .start();
const ring = await doorbell(control);
const events = new RingBuf(control, 'events');
let delivered = 0;
let last = -1n;
let missed = 0;
const kinds = new Set<string>();
const messages = new Set<string>();
const subscription = await events.subscribe(
  ({ event }) => {
    delivered++;
    if (event.number <= last) throw new Error('out of order');
    last = event.number;
  },
  (error) => {
    const { name, code, map, missed: count } = error as BpfError;
    kinds.add(`${name} ${code} ${map} ${typeof count}`);
    messages.add(error.message.replace(/^\d+ records? (was|were)/, 'N records were'));
    missed += count ?? 0;
  },
);
// This loop gives no callback a chance to run; the pause lets the pump empty the kernel's buffer.
// The kernel's buffer holds more than that many records: none is lost there.
for (let i = 0; i < 20; i++) {
  emit(ring, 1, 64);
  const until = performance.now() + 2;
  while (performance.now() < until);
}
await until(() => last === 1279n, 'the newest record came');
console.log([...messages].join());
console.log([...kinds].join(), delivered + missed, missed > 0);
console.log(text(subscription.stats()) === text({ received: 1280, delivered, lagged: missed, queued: 0 }));
console.log(subscription.stats().kernelDropped);
await control.stop();
