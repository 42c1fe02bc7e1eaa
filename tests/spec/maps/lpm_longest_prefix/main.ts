import { DataSec, LpmTrie } from 'yeet:bpf';
import { doorbell, text, withDoorbell } from '../../../fixtures/spec/check.ts';
import object from '../../../fixtures/spec/maps.bpf.o';

const control = await withDoorbell(object).bind('acl', { kind: 'lpm_trie' }).bind('.bss', { kind: 'data' }).start();
const ring = await doorbell(control);
const acl = new LpmTrie(control, 'acl');
const bss = new DataSec(control, '.bss');
await acl.update({ prefixlen: 8, data: [10] }, { action: 8 });
await acl.update({ prefixlen: 16, data: [10, 1] }, { action: 16 });
await acl.update({ prefixlen: 32, data: [10, 1, 2, 3] }, { action: 32 });
for (const data of [
  [10, 9, 9, 9],
  [10, 1, 9, 9],
  [10, 1, 2, 3],
  [11, 1, 2, 3],
]) {
  ring(
    6,
    data.reduce((sum, byte, i) => sum + byte * 256 ** i, 0),
  );
  console.log(data.join('.'), text(await acl.lookup({ prefixlen: 32, data })), await bss.read('answer'));
}
await control.stop();
