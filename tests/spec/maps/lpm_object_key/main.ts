import { LpmTrie } from 'yeet:bpf';
import { failure, text } from '../../../fixtures/spec/check.ts';
import object from '../../../fixtures/spec/maps.bpf.o';

const control = await object.bind('acl', { kind: 'lpm_trie' }).start();
const acl = new LpmTrie(control, 'acl');
await acl.update({ prefixlen: 24, data: [10, 0, 0, 0] }, { action: 1 });
await acl.update({ prefixlen: 9, data: Uint8Array.of(172, 128) }, { action: 2 });
console.log(text(await acl.lookup({ prefixlen: 24, data: [10, 0, 0, 0] })));
console.log(text(await acl.lookup({ prefixlen: 128, data: [10, 0, 0, 77, ...new Array(12).fill(1)] })));
console.log(text(await acl.lookup({ prefixlen: 8, data: '\n' as never })), 'a string is bytes here too');
console.log(
  text(await acl.lookup({ prefixlen: 16, data: [172, 200] })),
  await acl.lookup({ prefixlen: 16, data: [172, 1] }),
);
const bad: unknown[] = [
  { prefixlen: 129, data: new Array(16).fill(0) },
  { prefixlen: -1, data: [1] },
  { prefixlen: 1.5, data: [1] },
  { prefixlen: 9, data: [1] },
  { prefixlen: 8, data: new Array(17).fill(0) },
  { prefixlen: 8, data: [256] },
  { prefixlen: 8, data: [1.5] },
  { data: [1] },
  { prefixlen: 8 },
  { prefixlen: 8, data: [1], mask: 1 },
  7,
  null,
  undefined,
];
for (const key of bad) console.log(await failure(() => acl.lookup(key as string)));
await control.stop();
