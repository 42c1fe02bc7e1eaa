import { HashMap } from 'yeet:bpf';
import { caught } from '../../../fixtures/spec/check.ts';
import object from '../../../fixtures/spec/maps.bpf.o';

const control = await object.bind('counts', { kind: 'hash' }).start();
const counts = new HashMap<number, bigint>(control, 'counts');
const { max_entries } = counts.info();
for (let key = 0; key < max_entries; key++) await counts.update(key, 1n);
const error = await caught(() => counts.update(max_entries, 1n));
console.log(`${error.code}: ${error.message}`, error.errno, error.map);
await counts.update(0, 2n);
console.log(await counts.lookup(0), await counts.lookup(max_entries));
await counts.delete(0);
await counts.update(max_entries, 3n);
console.log(await counts.lookup(max_entries));
await control.stop();
