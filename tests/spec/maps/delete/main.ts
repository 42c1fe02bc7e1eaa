import { HashMap } from 'yeet:bpf';
import { caught } from '../../../fixtures/spec/check.ts';
import object from '../../../fixtures/spec/maps.bpf.o';

const control = await object.bind('counts', { kind: 'hash' }).start();
const counts = new HashMap<number, bigint>(control, 'counts');
await counts.update(5, 1n);
console.log(await counts.delete(5), await counts.lookup(5));
const error = await caught(() => counts.delete(5));
console.log(`${error.code}: ${error.message}`, error.errno, error.map);
await control.stop();
