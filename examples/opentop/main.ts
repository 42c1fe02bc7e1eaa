#!/usr/bin/env -S yeet run
// Which programs open the most files right now? Shows the busiest ones every two seconds, until Ctrl-C.
//
//   yeet run examples/opentop -- --every 5 --rows 20 --rounds 3

import { LruHashMap } from 'yeet:bpf';
import probe from './opentop.bpf.o';

const every = Number(yeet.args.every ?? 2);
const rows = Number(yeet.args.rows ?? 10);
const rounds = Number(yeet.args.rounds ?? Number.POSITIVE_INFINITY);

const control = await probe.bind('programs', { kind: 'lru_hash' }).start();
const programs = new LruHashMap(control, 'programs');

for (let round = 0; round < rounds; round++) {
  await new Promise((resolve) => setTimeout(resolve, every * 1000));
  // Takes the counts out of the map, so that every table shows its own seconds only.
  const seen = await programs.drainBatch();
  seen.sort(([, a], [, b]) => Number(b.count - a.count));
  console.log(`\n${'opens/s'.padStart(9)}  ${'program'.padEnd(16)}  last file`);
  for (const [{ comm }, { count, last_path }] of seen.slice(0, rows)) {
    console.log(`${(Number(count) / every).toFixed(1).padStart(9)}  ${comm.padEnd(16)}  ${last_path}`);
  }
}
await control.stop();
