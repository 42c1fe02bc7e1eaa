import { HashMap } from 'yeet:bpf';
import object from '../../../fixtures/spec/maps.bpf.o';

const MILLION = 1_000_000;
const control = await object.bind('counts', { kind: 'hash' }).start();
const counts = new HashMap<number, bigint>(control, 'counts');
await counts.update(1, 1n);
const parked = Array.from({ length: MILLION }, () => new Promise<never>(() => {}));
const lookups = Array.from({ length: MILLION }, (_, key) => counts.lookup(key & 1));
let found = 0;
for (const lookup of lookups) if ((await lookup) === 1n) found++;
console.log(found);
let rejected = 0;
const wrong = Array.from({ length: 100_000 }, () => counts.lookup(-1).catch(() => rejected++));
await Promise.all(wrong);
console.log(rejected);
const first = await Promise.race([...parked, counts.lookup(1)]);
console.log(first, parked.length);
await control.stop();
