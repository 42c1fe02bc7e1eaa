import { LpmTrie } from 'yeet:bpf';
import { all, caught } from '../../../fixtures/spec/check.ts';
import object from '../../../fixtures/spec/maps.bpf.o';

const control = await object.bind('acl', { kind: 'lpm_trie' }).start();
const acl = new LpmTrie(control, 'acl');
await acl.updateBatch(Array.from({ length: 20 }, (_, i) => [{ prefixlen: 8, data: [i] }, { action: i }]));
await acl.updateBatch([['ab', { action: 100 }]]);
console.log((await acl.lookupBatch(100)).length, (await acl.lookupBatch(5)).length);
console.log('drainBatch' in acl, 'clear' in acl);
const keys = (await all(acl.entries())).map(([key]) => key);
await acl.deleteBatch(keys);
console.log((await all(acl.entries())).length);
const error = await caught(() => acl.deleteBatch(['x']));
console.log(error.code, error.applied);
await control.stop();
