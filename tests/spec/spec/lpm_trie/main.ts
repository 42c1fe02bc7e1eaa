import { LpmTrie } from 'yeet:bpf';
import probe from '../../../fixtures/spec/probe.bpf.o';

const control = await probe.bind('acl', { kind: 'lpm_trie' }).start();
const acl = new LpmTrie(control, 'acl');
await acl.update('10.0.0.0', { action: 1 }); // string key
console.log(await acl.lookup('10.0.0.0'));
console.log(await acl.lookup({ prefixlen: 24, data: [10, 0, 0, 0] }));
await acl.update({ prefixlen: 24, data: [10, 0, 0, 0] }, { action: 2 });
console.log(await acl.lookup({ prefixlen: 24, data: [10, 0, 0, 0] }));
await control.stop();
