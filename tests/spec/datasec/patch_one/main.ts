import { DataSec } from 'yeet:bpf';
import { doorbell, text, withDoorbell } from '../../../fixtures/spec/check.ts';
import object from '../../../fixtures/spec/sections.bpf.o';

const control = await withDoorbell(object).bind('.data', { kind: 'data' }).bind('.bss', { kind: 'data' }).start();
const ring = await doorbell(control);
const data = new DataSec(control, '.data');
const bss = new DataSec(control, '.bss');
for (const value of [5n, 2n ** 63n, 7]) {
  console.log(await data.patch('patched', value as bigint));
  ring(2);
  console.log(await data.read('patched'), await bss.read('answer'));
}
await data.patch('filter', { ports: { high: 80 } });
console.log(text(await data.read('filter')));
await data.patch('filter', {
  hosts: [
    { low: 1, high: 2 },
    { low: 3, high: 4 },
  ],
  tag: Uint8Array.of(9, 8, 7, 6),
  name: 'joe',
});
console.log(text(await data.read('filter')));
await data.patch('table', [10n, 20n, 30n]);
await data.patch('ratio', 2.25);
await data.patch('signed_one', -7);
await data.patch('bits', { middle: 15 });
console.log(
  text(await data.read('table')),
  await data.read('ratio'),
  await data.read('signed_one'),
  text(await data.read('bits')),
);
await bss.patch('label', 'hello');
console.log(text(await bss.read('label')));
await bss.patch('label', 'hi');
console.log(text(await bss.read('label')));
await control.stop();
