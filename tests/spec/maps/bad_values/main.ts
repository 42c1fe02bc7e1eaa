import { HashMap } from 'yeet:bpf';
import { all, failure, text } from '../../../fixtures/spec/check.ts';
import object from '../../../fixtures/spec/maps.bpf.o';

const control = await object
  .bind('counts', { kind: 'hash' })
  .bind('flows', { kind: 'hash' })
  .bind('slots', { kind: 'array' })
  .start();
const counts = new HashMap(control, 'counts');
for (const key of [-1, 2 ** 32, 1.5, NaN, Infinity, '1', null, undefined, {}, [], 1n << 32n, true]) {
  console.log(await failure(() => counts.update(key, 1n)));
}
for (const value of [-1n, 1n << 64n, 2 ** 53, 0.5, 'x', null])
  console.log(await failure(() => counts.update(1, value)));
console.log((await all(counts.keys())).length);
const flows = new HashMap(control, 'flows');
console.log(await failure(() => flows.update({ address: 1, port: 70000 }, {})));
console.log(await failure(() => flows.update({ adress: 1 }, {})));
console.log(await failure(() => flows.update({ port: 1 }, { name: 'a name that is too long' })));
console.log(await failure(() => flows.update({ port: 1 }, { packets: 'many' })));
console.log(await failure(() => flows.lookup([1, 2])));
console.log((await all(flows.keys())).length);
// What fits: numbers for 64 bits, BigInt for 32, members left out.
await counts.update(7n, 3);
console.log(text(await counts.lookup(7)));
await flows.update({ port: 80 }, { name: new Uint8Array([104, 105]) });
console.log(text(await all(flows.entries())));
const throws = {
  get port(): number {
    throw new RangeError('of the getter');
  },
};
await flows.lookup(throws).catch((error: Error) => console.log(String(error)));
await control.stop();
