import { DataSec } from 'yeet:bpf';
import { text } from '../../../fixtures/spec/check.ts';
import object from '../../../fixtures/spec/sections.bpf.o';

const control = await object.bind('.data', { kind: 'data' }).start();
const data = new DataSec(control, '.data');
await data.patch({ patched: 9n, signed_one: 4, filter: { uid: 7, ports: { low: 3 } } });
for (const sym of ['filter', 'patched', 'signed_one', 'table', 'ratio', 'bits'])
  console.log(sym, text(await data.read(sym)));
await data.patch({});
console.log(text(await data.read('patched')));
await control.stop();
