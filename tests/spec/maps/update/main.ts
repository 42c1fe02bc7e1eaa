import { DataSec, HashMap } from 'yeet:bpf';
import { doorbell, withDoorbell } from '../../../fixtures/spec/check.ts';
import object from '../../../fixtures/spec/maps.bpf.o';

const control = await withDoorbell(object).bind('counts', { kind: 'hash' }).bind('.bss', { kind: 'data' }).start();
const ring = await doorbell(control);
const counts = new HashMap<number, bigint>(control, 'counts');
const bss = new DataSec(control, '.bss');
for (const value of [1n, 2n, 2n ** 64n - 1n, 0n]) {
  console.log(await counts.update(7, value));
  ring(1, 7);
  console.log(await counts.lookup(7), await bss.read('answer'));
}
await control.stop();
