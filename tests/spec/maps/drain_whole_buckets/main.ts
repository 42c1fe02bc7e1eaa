import { HashMap } from 'yeet:bpf';
import { failure } from '../../../fixtures/spec/check.ts';
import object from '../../../fixtures/spec/maps.bpf.o';

const control = await object.bind('wide', { kind: 'hash' }).start();
const wide = new HashMap<number, bigint>(control, 'wide');
await wide.updateBatch(Array.from({ length: 10_000 }, (_, i): [number, bigint] => [i, BigInt(i)]));
let taken = 0;
// Sooner or later there is a bucket of two.
const one = async () => {
  for (;;) taken += (await wide.drainBatch(1)).length;
};
console.log(await failure(one));
const rest = await wide.drainBatch();
console.log(taken + rest.length, (await wide.drainBatch()).length);
await control.stop();
