import { DataSec, HashMap } from 'yeet:bpf';
import { all } from '../../../fixtures/spec/check.ts';
import object from '../../../fixtures/spec/control.bpf.o';

// The process that the programs watch is this one; each of its system calls is an event.
const control = await object
  .bind('hits', { kind: 'hash' })
  .bind('.data.target', { kind: 'data' })
  .attach('by_raw_tp', [{ cookie: 5 }, { cookie: 6n }])
  .attach('by_typed_tp', { cookie: 2n ** 63n })
  .start();
await new DataSec(control, '.data.target').patch('target', Number(yeet.args._[0]));
const hits = new HashMap<bigint, bigint>(control, 'hits');
await hits.lookup(0n);
const seen = (await all(hits.keys())).sort((a, b) => (a < b ? -1 : 1));
console.log(seen);
await control.detach('by_raw_tp');
await hits.clear();
await hits.lookup(0n);
console.log(await all(hits.keys()));
await control.stop();
