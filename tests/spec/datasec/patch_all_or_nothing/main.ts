import { DataSec } from 'yeet:bpf';
import { failure, text } from '../../../fixtures/spec/check.ts';
import object from '../../../fixtures/spec/sections.bpf.o';

const control = await object.bind('.data', { kind: 'data' }).bind('.rodata', { kind: 'data' }).start();
const data = new DataSec(control, '.data');
const before = text(await data.read());
const bad: unknown[] = [
  { patched: 2n, signed_one: 2 ** 31 },
  { patched: 2n, absent: 1 },
  { patched: 2n, sample_rate: 1 },
  { patched: 2n, filter: { uid: 1, ports: { low: 1, high: 70_000 } } },
  { patched: 2n, filter: { uid: 1, port: {} } },
  { patched: 2n, table: [1n, 2n, 3n, 4n] },
  { patched: 2n, bits: { low: 8 } },
  { patched: 2n, filter: { name: 'longer than eight' } },
  { patched: 2n, ratio: 'x' },
  { filter: { uid: 5, tag: [1, 2, 3, 4, 5] } },
  { filter: { uid: 5, hosts: [{ low: 1 }, { low: -1 }] } },
  { filter: 5 },
];
for (const values of bad) console.log(await failure(() => data.patch(values as object)));
console.log(await failure(() => data.patch('patched', -1)));
console.log(await failure(() => data.patch('absent', 1)));
console.log(await failure(() => data.patch('sample_rate', 1)));
for (const what of [undefined, null, 3]) console.log(await failure(() => data.patch(what as unknown as object)));
console.log(text(await data.read()) === before);
await control.stop();
