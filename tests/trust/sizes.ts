// Records of every size from 8 bytes to 64 KiB around the end of a ring of 1 MiB, with discarded ones in between, compared byte by byte:
// `yeet run sizes.ts ROUNDS`. The programs of tests/fixtures/ring/producer.bpf.c make them.

import { ArrayMap, type BpfError, RingBuf } from 'yeet:bpf';
import producer from '../fixtures/ring/producer.bpf.o';

const LARGEST = 64 * 1024;
const RING = 1 << 20;
/** The number and the size come before the pattern. */
const HEAD = 16;

const control = await producer
  .bind('events', { kind: 'ringbuf', capacity: 1 << 16, byteCap: 1 << 24 })
  .bind('scratch', { kind: 'array' })
  .attach('produce_samples', false)
  .start();
const pattern = Uint8Array.from({ length: LARGEST - HEAD }, (_, index) => (index * 151 + (index >> 8) * 7) & 255);
await new ArrayMap(control, 'scratch').update(0, { number: 0n, size: 0n, pattern });

interface Run {
  first: number;
  count: number;
  min_size: number;
  max_size: number;
  step: number;
  discard_every: number;
}

let expected: Run = { first: 0, count: 0, min_size: 8, max_size: 8, step: 1, discard_every: 0 };
let index = 0;
let received = 0;
let bytes = 0;
let wrong = 0;
let lagged = 0;
let arrived = Promise.withResolvers<void>();
let awaited = 0;

/** The size of the record at this place of the run. */
function sizeAt({ min_size, max_size, step }: Run, place: number): number {
  return min_size + (place % (Math.floor((max_size - min_size) / step) + 1)) * step;
}

function take({ data }: { data: Uint8Array }): void {
  const size = sizeAt(expected, index);
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  let good = data.length === size && view.getBigUint64(0, true) === BigInt(expected.first + index);
  if (size >= HEAD) good &&= view.getBigUint64(8, true) === BigInt(size);
  for (let at = HEAD; good && at < size; at++) good = data[at] === pattern[at - HEAD];
  if (!good) wrong++;
  index++;
  received++;
  bytes += size;
  if (index === awaited) arrived.resolve();
}

await new RingBuf(control, 'events').subscribe(take, (error) => {
  lagged += (error as BpfError).missed ?? 0;
});

let produced = 0;
let dropped = 0;
/** One run of the program, and all of its records. */
async function run(spec: Run): Promise<void> {
  expected = spec;
  index = 0;
  awaited = spec.count;
  arrived = Promise.withResolvers();
  const { ctx } = await control.run('produce', { ctx: spec });
  const result = ctx as { produced: bigint; dropped: bigint };
  produced += Number(result.produced);
  dropped += Number(result.dropped);
  if (result.dropped > 0n) throw new Error(`the ring refused ${result.dropped} records of ${JSON.stringify(spec)}`);
  await arrived.promise;
}

let first = 0;
/** Runs that fill half of the ring each, until each size of the range has come up `rounds` times. */
async function sweep(min_size: number, max_size: number, step: number, rounds: number): Promise<void> {
  const sizes = Math.floor((max_size - min_size) / step) + 1;
  for (let round = 0; round < rounds; round++) {
    for (let place = 0; place < sizes; ) {
      const smallest = min_size + place * step;
      let count = 0;
      for (let used = 0; place + count < sizes && used < RING / 2; count++) used += smallest + count * step + 64;
      const spec = { first, count, min_size: smallest, max_size, step, discard_every: round % 4 };
      await run(spec);
      first += count;
      place += count;
    }
  }
}

const rounds = Number(yeet.args._[0]);
// A record takes a multiple of 8 bytes, so a prime number of them in a row puts each size at each place of the ring's end in time.
await sweep(8, 264, 1, rounds * 100);
await sweep(8, 4104, 8, rounds * 4);
await sweep(1024, LARGEST, 1021, rounds * 4);
await sweep(LARGEST - 64, LARGEST, 1, rounds * 2);
console.log(`produced ${produced}\ndropped ${dropped}\nreceived ${received}\nlagged ${lagged}\nwrong ${wrong}`);
console.log(`mib ${Math.round(bytes / 2 ** 20)}`);
await control.stop();
