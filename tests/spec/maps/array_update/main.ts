import { ArrayMap, DataSec } from 'yeet:bpf';
import { doorbell, text, withDoorbell } from '../../../fixtures/spec/check.ts';
import object from '../../../fixtures/spec/maps.bpf.o';

const control = await withDoorbell(object).bind('slots', { kind: 'array' }).bind('.bss', { kind: 'data' }).start();
const ring = await doorbell(control);
const slots = new ArrayMap(control, 'slots');
const bss = new DataSec(control, '.bss');
for (const packets of [5n, 2n ** 40n, 0n]) {
  await slots.update(15, { packets, bytes: 1, name: 'lo' });
  ring(2, 15);
  console.log(text(await slots.lookup(15)), await bss.read('answer'));
}
await slots.update(15, {});
console.log(text(await slots.lookup(15)));
await control.stop();
