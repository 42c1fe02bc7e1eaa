import { DataSec } from 'yeet:bpf';
import { text } from '../../../fixtures/spec/check.ts';
import object from '../../../fixtures/spec/sections.bpf.o';

const control = await object
  .bind('.rodata', { kind: 'data' })
  .bind('.data', { kind: 'data' })
  .bind('.bss', { kind: 'data' })
  .bind('.data.custom', { kind: 'data' })
  .start();
for (const name of ['.rodata', '.data', '.bss', '.data.custom']) {
  const values = await new DataSec(control, name).read();
  for (const sym of Object.keys(values).sort()) console.log(name, sym, text(values[sym]));
}
await control.stop();
