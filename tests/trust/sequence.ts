// Every record of tests/trust/load.bpf.c, checked: `yeet run sequence.ts`; bench/c/produce.c fills the ring. Its last record ends the script.
// Prints what came, what yeet said was lost, and what the program counted, so that all of it can be added up.

import { type BpfError, DataSec, RingBuf } from 'yeet:bpf';
import load from './load.bpf.o';

interface Event {
  ts: bigint;
  pid: number;
  comm: string;
  a: bigint;
  b: bigint;
}

const LAST = 2n;
const CHECK = 0x9e3779b97f4a7c15n;

const control = await load
  .bind('events', { kind: 'ringbuf', btf_struct: 'event', capacity: 1 << 17 })
  .bind('.bss', { kind: 'data' })
  .start();

let received = 0;
let lagged = 0;
let wrong = 0;
let disorder = 0;
let gaps = 0;
let next = 0;
/** The largest pause between two records in milliseconds, and how many came after it. */
let pause = 0;
let after = 0;
let last = performance.now();
const { promise: over, resolve: end } = Promise.withResolvers<void>();

function take(event: Event): void {
  if (event.b === LAST) {
    end();
    return;
  }
  const number = Number(event.ts);
  if (number < next) disorder++;
  else gaps += number - next;
  next = number + 1;
  received++;
  after++;
  if ((received & 63) === 0) {
    const now = performance.now();
    if (now - last > pause) {
      pause = now - last;
      after = 0;
    }
    last = now;
    // A BigInt of 128 bits for each record would measure itself.
    if (
      event.a !== BigInt.asUintN(64, event.ts * CHECK) ||
      event.pid !== number % 2 ** 32 ||
      event.comm !== 'numbered'
    ) {
      wrong++;
    }
  }
}

const subscription = await new RingBuf(control, 'events').subscribe(
  ({ event }) => take(event),
  (error) => {
    lagged += (error as BpfError).missed ?? 0;
  },
);
console.log('ready');
await over;
const { offered, refused } = await new DataSec(control, '.bss').read();
gaps += Number(offered) - next;
const stats = subscription.stats();
// The last record is not numbered, and comes on top.
console.log(`received ${received}\nlagged ${lagged}\ngaps ${gaps}\nwrong ${wrong}\ndisorder ${disorder}`);
console.log(`offered ${offered}\nrefused ${refused}\npause_ms ${pause.toFixed(1)}\nafter_pause ${after}`);
console.log(
  `stats_received ${stats.received - 1}\nstats_delivered ${stats.delivered - 1}\nstats_lagged ${stats.lagged}`,
);
console.log('done');
await control.stop();
