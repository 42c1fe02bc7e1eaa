import { DataSec } from 'yeet:bpf';
import { failure, text } from '../../../fixtures/spec/check.ts';
import object from '../../../fixtures/spec/sections.bpf.o';

const control = await object.bind('.rodata', { kind: 'data' }).bind('.data', { kind: 'data' }).start();
const rodata = new DataSec(control, '.rodata');
const data = new DataSec(control, '.data');
for (const sym of ['target_pid', 'sample_rate', 'enabled', 'verbose', 'mode'])
  console.log(sym, text(await rodata.read(sym)));
for (const sym of ['filter', 'patched', 'signed_one', 'table', 'ratio', 'bits'])
  console.log(sym, text(await data.read(sym)));
console.log(
  await rodata.read('patched'),
  await rodata.read('absent'),
  await rodata.read('toString'),
  await rodata.read(''),
);
console.log(await failure(() => rodata.read(3 as unknown as string)));
await control.stop();
