import { BpfObject, DataSec } from 'yeet:bpf';
import { failure } from '../../../fixtures/spec/check.ts';
import object from '../../../fixtures/spec/sections.bpf.o';

const twice = new BpfObject({ exe: object.exe })
  .bind('.data', { kind: 'data' })
  .bind('sections.data', { kind: 'data' });
console.log(await failure(() => twice.start()));

const control = await object.bind('sections.rodata', { kind: 'data' }).bind('.data', { kind: 'data' }).start();
for (const name of ['.rodata', 'sections.rodata']) console.log(await new DataSec(control, name).read('sample_rate'));
for (const name of ['.data', 'sections.data']) console.log(await new DataSec(control, name).read('patched'));
await control.stop();
