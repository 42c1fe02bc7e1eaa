import { BpfObject, DataSec } from 'yeet:bpf';
import { caught, doorbell, withDoorbell } from '../../../fixtures/spec/check.ts';
import object from '../../../fixtures/spec/constant_string.bpf.o';

const fresh = (): BpfObject => withDoorbell(new BpfObject({ exe: object.exe })).bind('.bss', { kind: 'data' });
const error = await caught(() => fresh().bind('.rodata', { kind: 'data' }).start());
console.log(error.code, error.program, error.message.includes('freeze: true'));

for (const started of [
  fresh().start(),
  fresh()
    .bind('.rodata', { kind: 'data', freeze: true, init: { items: 7 } })
    .start(),
]) {
  const control = await started;
  const ring = await doorbell(control);
  ring(0);
  console.log(await new DataSec(control, '.bss').read('label'));
  await control.stop();
}
