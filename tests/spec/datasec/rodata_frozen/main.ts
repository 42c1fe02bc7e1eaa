import { DataSec } from 'yeet:bpf';
import { doorbell, failure, withDoorbell } from '../../../fixtures/spec/check.ts';
import object from '../../../fixtures/spec/sections.bpf.o';

const control = await withDoorbell(object)
  .bind('.rodata', { kind: 'data', freeze: true, init: { target_pid: 3n, sample_rate: 4 } })
  .bind('.bss', { kind: 'data' })
  .start();
const ring = await doorbell(control);
const cfg = new DataSec(control, '.rodata');
const bss = new DataSec(control, '.bss');
ring(1);
console.log(await bss.read('answer'), await cfg.read('sample_rate'));
console.log(await failure(() => cfg.patch('sample_rate', 5)));
console.log(await failure(() => cfg.patch({ sample_rate: 5 })));
ring(1);
console.log(await bss.read('answer'), await cfg.read('sample_rate'));
await control.stop();
