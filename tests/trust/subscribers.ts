// Eight subscriptions of one ring, one of them slow: `yeet run subscribers.ts`; bench/c/produce.c fills the ring.

import { type BpfError, DataSec, RingBuf } from 'yeet:bpf';
import load from './load.bpf.o';

const LAST = 2n;
const control = await load
  .bind('events', { kind: 'ringbuf', btf_struct: 'event', capacity: 1 << 15 })
  .bind('.bss', { kind: 'data' })
  .start();
const events = new RingBuf(control, 'events');
const fast = Array.from({ length: 7 }, () => ({ received: 0, lost: 0, gaps: 0, next: 0n }));
const ends: Promise<void>[] = [];
for (const count of fast) {
  const { promise, resolve } = Promise.withResolvers<void>();
  ends.push(promise);
  await events.subscribe(
    ({ event }) => {
      if (event.b === LAST) return resolve();
      count.gaps += Number(event.ts - count.next);
      count.next = event.ts + 1n;
      count.received++;
    },
    (error) => {
      count.lost += (error as BpfError).missed ?? 0;
    },
  );
}
// The slow one takes its time between two records, without keeping the others from running.
let slow = 0;
const loop = (async () => {
  for await (const _ of events) {
    slow++;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
})();
console.log('ready');
await Promise.all(ends);
const { offered, refused } = await new DataSec(control, '.bss').read();
const sum = (name: 'received' | 'lost' | 'gaps'): number => fast.reduce((sum, count) => sum + count[name], 0);
console.log(
  `offered ${offered}\nrefused ${refused}\nreceived ${sum('received')}\nlost ${sum('lost')}\ngaps ${sum('gaps')}`,
);
console.log(`slow ${slow}`);
console.log('done');
void loop;
await control.stop();
