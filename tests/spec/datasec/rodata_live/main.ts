import { DataSec } from 'yeet:bpf';
import { doorbell, text, withDoorbell } from '../../../fixtures/spec/check.ts';
import object from '../../../fixtures/spec/sections.bpf.o';

const control = await withDoorbell(object).bind('.rodata', { kind: 'data' }).bind('.bss', { kind: 'data' }).start();
const ring = await doorbell(control);
const cfg = new DataSec(control, '.rodata');
const bss = new DataSec(control, '.bss');
const answer = async (): Promise<bigint> => {
  ring(1);
  return await bss.read('answer');
};
console.log(await answer());
await cfg.patch('target_pid', 1234n);
console.log(await answer());
await cfg.patch({ sample_rate: 100, enabled: 1 });
console.log(await answer());
console.log(text(await cfg.read()));
await control.stop();
