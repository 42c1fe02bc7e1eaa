import { HashMap } from 'yeet:bpf';
import { all, caught, failure } from '../../../fixtures/spec/check.ts';
import object from '../../../fixtures/spec/maps.bpf.o';

const control = await object.bind('wide', { kind: 'hash' }).start();
const wide = new HashMap<number, bigint>(control, 'wide');
const fill = (): Promise<void> => wide.updateBatch(Array.from({ length: 10_000 }, (_, i) => [i, 1n]));
await fill();
console.log(await wide.deleteBatch([]), (await all(wide.keys())).length);
await wide.deleteBatch([1, 2, 3]);
console.log((await all(wide.keys())).length);
await wide.deleteBatch(new Set([4, 5]));
console.log((await all(wide.keys())).length);
await wide.deleteBatch(Array.from({ length: 5000 }, (_, i) => i + 5000));
console.log((await all(wide.keys())).length);

const error = await caught(() => wide.deleteBatch([10, 11, 99_999, 12]));
console.log(error.code, error.errno, error.applied, error.map);
console.log(error.message);
console.log(await wide.lookup(10), await wide.lookup(11), await wide.lookup(12));
console.log(await failure(() => wide.deleteBatch([20, 'x' as unknown as number])), await wide.lookup(20));
await control.stop();
