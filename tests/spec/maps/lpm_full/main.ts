import { LpmTrie } from 'yeet:bpf';
import { caught } from '../../../fixtures/spec/check.ts';
import object from '../../../fixtures/spec/maps.bpf.o';

const control = await object.bind('acl', { kind: 'lpm_trie' }).start();
const acl = new LpmTrie(control, 'acl');
for (let i = 0; i < 64; i++) await acl.update({ prefixlen: 8, data: [i] }, { action: i });
const error = await caught(() => acl.update({ prefixlen: 8, data: [64] }, { action: 64 }));
console.log(`${error.code}: ${error.message}`, error.errno);
await control.stop();
