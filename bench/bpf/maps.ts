// What one map call costs from a script, kernel included: `sudo yeet run bench/bpf/maps.ts`. Nanoseconds, the median of several rounds.

import { DataSec, HashMap } from 'yeet:bpf';
import bench from './bench.bpf.o';

const ENTRIES = 20_000;
const CALLS = 50_000;
const ROUNDS = 7;

const control = await bench
  .bind('table', { kind: 'hashmap' })
  .bind('.bss', { kind: 'data' })
  .attach('on_bpf', false)
  .start();
const table = new HashMap<number, bigint>(control, 'table');
const globals = new DataSec(control, '.bss');
const pairs = Array.from({ length: ENTRIES }, (_, key): [number, bigint] => [key, BigInt(key)]);

async function repeat(call: (i: number) => Promise<unknown>): Promise<number> {
  for (let i = 0; i < CALLS; i++) await call(i);
  return CALLS;
}

const measures: Record<string, () => Promise<number>> = {
  'updateBatch, per entry': async () => {
    await table.updateBatch(pairs);
    return ENTRIES;
  },
  'lookupBatch, per entry': async () => (await table.lookupBatch(ENTRIES)).length,
  'entries(), per entry': async () => {
    let count = 0;
    for await (const _ of table.entries()) count += 1;
    return count;
  },
  lookup: () => repeat((i) => table.lookup(i % ENTRIES)),
  update: () => repeat((i) => table.update(i % ENTRIES, 1n)),
  'DataSec.read of a global': () => repeat(() => globals.read('knob')),
  'DataSec.patch of a global': () => repeat((i) => globals.patch('knob', i)),
};

for (const [name, measure] of Object.entries(measures)) {
  const rounds: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const start = performance.now();
    const count = await measure();
    rounds.push(((performance.now() - start) * 1e6) / count);
  }
  rounds.sort((a, b) => a - b);
  console.log(`${name.padEnd(28)}${(rounds[ROUNDS >> 1] as number).toFixed(0).padStart(8)} ns`);
}
await control.stop();
