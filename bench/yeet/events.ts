// The ring buffer of bpf/load.bpf.c with every field of each record decoded: `yeet run events.ts [--batch]`. bench/c/produce.c fills it.

import { RingBuf } from 'yeet:bpf';
import load from '../bpf/load.bpf.o';

interface Event {
  ts: bigint;
  pid: number;
  cpu: number;
  comm: string;
  addr: Uint8Array;
  a: bigint;
  b: bigint;
}

const STAMPED = 1n;
const LAST = 2n;

const control = await load.bind('events', { kind: 'ringbuf', btf_struct: 'event', capacity: 1 << 17 }).start();

let delivered = 0;
let begin = 0;
let numbers = 0;
let characters = 0;
const latencies: number[] = [];
const { promise: over, resolve: end } = Promise.withResolvers<number>();

/** Stands for what a script does with an event. */
function take(event: Event): void {
  if (event.b === LAST) {
    end(performance.now() - begin);
    return;
  }
  if (delivered++ === 0) begin = performance.now();
  numbers += event.pid + event.cpu + (event.addr[15] as number);
  characters += event.comm.length;
  if (event.a > event.ts) numbers++;
  if (event.b === STAMPED) latencies.push((performance.timeOrigin + performance.now()) * 1e6 - Number(event.ts));
}

const events = new RingBuf(control, 'events');
if (yeet.args.batch) {
  const onBatch = (batch: { event: Event }[]) => {
    for (const { event } of batch) take(event);
  };
  await events.subscribe(onBatch, () => undefined, { batch: true });
} else {
  await events.subscribe(
    ({ event }) => take(event),
    () => undefined,
  );
}
console.log('ready');
const elapsed = await over;
console.log(`delivered ${delivered}\nelapsed_ns ${Math.round(elapsed * 1e6)}`);
if (latencies.length > 0) {
  latencies.sort((left, right) => left - right);
  const at = (part: number) => Math.round(latencies[Math.floor(latencies.length * part)] as number);
  console.log(`p50_ns ${at(0.5)}\np99_ns ${at(0.99)}`);
}
if (numbers + characters < 0) console.log('never');
await control.stop();
