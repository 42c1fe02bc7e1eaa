import { DataSec } from 'yeet:bpf';
import { doorbell, text, withDoorbell } from '../../../fixtures/spec/check.ts';
import object from '../../../fixtures/spec/sections.bpf.o';

const control = await withDoorbell(object)
  .bind('.rodata', { kind: 'data', init: { target_pid: 1n, mode: 0 } })
  .bind('.data', { kind: 'data', init: { patched: 11n, filter: { ports: { low: 5 } }, bits: { low: 1 } } })
  .bind('.bss', { kind: 'data', init: { untouched: 12n, label: 'from init' } })
  .bind('.data.custom', { kind: 'data', init: { threshold: 13 } })
  .start();
const ring = await doorbell(control);
for (const [name, syms] of [
  ['.rodata', ['target_pid', 'mode', 'sample_rate']],
  ['.data', ['patched', 'filter', 'bits', 'table']],
  ['.bss', ['untouched', 'label']],
  ['.data.custom', ['threshold']],
] as const) {
  for (const sym of syms) console.log(sym, text(await new DataSec(control, name).read(sym)));
}
const bss = new DataSec(control, '.bss');
for (const command of [1, 2, 3]) {
  ring(command);
  console.log(await bss.read('answer'));
}
await control.stop();
