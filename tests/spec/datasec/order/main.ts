import { DataSec } from 'yeet:bpf';
import { text } from '../../../fixtures/spec/check.ts';
import object from '../../../fixtures/spec/sections.bpf.o';

const control = await object.bind('.data', { kind: 'data' }).start();
const data = new DataSec(control, '.data');
const reads: Promise<unknown>[] = [];
for (let i = 1; i <= 5; i++) {
  void data.patch('patched', BigInt(i));
  reads.push(data.read('patched'));
}
console.log(text(await Promise.all(reads)));
await control.stop();
