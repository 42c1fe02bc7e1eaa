import { LpmTrie } from 'yeet:bpf';
import { failure, text } from '../../../fixtures/spec/check.ts';
import object from '../../../fixtures/spec/maps.bpf.o';

const control = await object.bind('acl', { kind: 'lpm_trie' }).start();
const acl = new LpmTrie(control, 'acl');
await acl.update('10.0.0.0', { action: 1 });
for await (const [key, rule] of acl.entries()) console.log(text(key), text(rule));
console.log(text(await acl.lookup('10.0.0.0')), await acl.lookup('10.0.0.1'), text(await acl.lookup('10.0.0.0:80')));
await acl.update('\u00ff\u0080', { action: 2 });
console.log(text(await acl.lookup({ prefixlen: 16, data: [0xff, 0x80] })));
console.log(await failure(() => acl.update('\u0100', { action: 3 })));
console.log(await failure(() => acl.update('seventeen letters', { action: 3 })));
console.log(text(await acl.lookup('sixteen letters.')));
await acl.update('', { action: 9 });
console.log(text(await acl.lookup('anything')));
await control.stop();
