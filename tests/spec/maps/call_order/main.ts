import { HashMap } from 'yeet:bpf';
import { failure, text } from '../../../fixtures/spec/check.ts';
import object from '../../../fixtures/spec/maps.bpf.o';

const control = await object.bind('wide', { kind: 'hash' }).start();
const wide = new HashMap<number, bigint>(control, 'wide');
const first = wide.updateBatch(Array.from({ length: 20_000 }, (_, i): [number, bigint] => [i, 1n]));
void wide.update(5, 2n);
const five = wide.lookup(5);
void wide.update(5, 3n);
const again = wide.lookup(5);
void wide.delete(6);
const six = wide.lookup(6);
const gone = wide.clear();
void wide.update(7, 7n);
const after = wide.lookupBatch();
const none = wide.lookup(5);
await first;
console.log(await five, await again, await six, await gone, text(await after), await none);
// A failed call does not stop those behind it.
const failed = failure(() => wide.delete(1));
void wide.update(1, 1n);
console.log((await failed).split(':')[0], await wide.lookup(1));
await control.stop();
