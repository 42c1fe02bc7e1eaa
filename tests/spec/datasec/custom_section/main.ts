import { DataSec } from 'yeet:bpf';
import { doorbell, text, withDoorbell } from '../../../fixtures/spec/check.ts';
import object from '../../../fixtures/spec/sections.bpf.o';

const control = await withDoorbell(object)
  .bind('.data.custom', { kind: 'data' })
  .bind('.bss', { kind: 'data' })
  .start();
const ring = await doorbell(control);
const custom = new DataSec(control, '.data.custom');
const bss = new DataSec(control, '.bss');
console.log(text(await custom.read()));
await custom.patch({ threshold: 7 });
ring(3);
console.log(await bss.read('answer'));
await control.stop();
