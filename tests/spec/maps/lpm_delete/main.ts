import { LpmTrie } from 'yeet:bpf';
import { failure, text } from '../../../fixtures/spec/check.ts';
import object from '../../../fixtures/spec/maps.bpf.o';

const control = await object.bind('acl', { kind: 'lpm_trie' }).start();
const acl = new LpmTrie(control, 'acl');
await acl.update({ prefixlen: 8, data: [10] }, { action: 8 });
await acl.update({ prefixlen: 16, data: [10, 1] }, { action: 16 });
console.log(await failure(() => acl.delete({ prefixlen: 12, data: [10, 0] })));
await acl.delete({ prefixlen: 16, data: [10, 1] });
console.log(text(await acl.lookup({ prefixlen: 32, data: [10, 1, 2, 3] })));
await acl.delete({ prefixlen: 8, data: [10] });
console.log(await acl.lookup({ prefixlen: 32, data: [10, 1, 2, 3] }));
await control.stop();
