// What one ring-buffer record costs until its callback has run: `sudo yeet run bench/bpf/events.ts`. 64-byte records with four integers of
// 64 bits, a string and a byte array; they wait in the queue, so that the producer's time is not counted.

import { DataSec, HashMap, RingBuf } from 'yeet:bpf';
import bench from './bench.bpf.o';

const BURST = 50_000;
const BURSTS = 10;
const ROUNDS = 5;

const control = await bench
  .bind('events', { kind: 'ringbuf', btf_struct: 'event', capacity: BURST * BURSTS, byteCap: 2 ** 28 })
  .bind('table', { kind: 'hashmap' })
  .bind('.bss', { kind: 'data' })
  .start();
const events = new RingBuf(control, 'events');
const table = new HashMap<number, bigint>(control, 'table');
const globals = new DataSec(control, '.bss');

let received = 0;
let sum = 0n;
const sub = await events.subscribe(({ event }) => {
  received += 1;
  sum += event.a;
});

/** Keeps the thread, so that nothing is delivered meanwhile. */
function hold(ms: number): void {
  for (const until = performance.now() + ms; performance.now() < until; );
}

for (let round = 0; round < ROUNDS; round++) {
  const before = received;
  for (let burst = 0; burst < BURSTS; burst++) {
    await globals.patch('burst', BURST);
    await table.lookup(0);
    hold(20);
  }
  const start = performance.now();
  while (sub.stats().queued > 0) await new Promise<void>((resolve) => setTimeout(resolve, 0));
  const count = received - before;
  console.log(
    `${(((performance.now() - start) * 1e6) / count).toFixed(0).padStart(5)} ns per record (${count} records)`,
  );
}
console.log(`kernel dropped ${await globals.read('dropped')}, lagged ${sub.stats().lagged}, sum ${sum}`);
await control.stop();
