import { LpmTrie } from 'yeet:bpf';
import { all, hex } from '../../../fixtures/spec/check.ts';
import object from '../../../fixtures/spec/maps.bpf.o';

const control = await object.bind('acl', { kind: 'lpm_trie' }).start();
const acl = new LpmTrie(control, 'acl');
for (let i = 0; i < 40; i++) await acl.update({ prefixlen: 8 + (i % 3) * 8, data: [i, i, i] }, { action: i });
for (const batchSize of [1, 7, 100]) {
  const found = await all(acl.entries({ batchSize }));
  const lines = found.map(([{ prefixlen, data }, { action }]) => `${prefixlen}/${hex(data.slice(0, 3))}=${action}`);
  console.log(found.length, new Set(lines).size, lines.sort()[0], lines.sort()[39]);
}
await control.stop();
