import { DataSec } from 'yeet:bpf';
import { failure } from '../../../fixtures/spec/check.ts';
import object from '../../../fixtures/spec/constant_string.bpf.o';

// Before Linux 5.13 the kernel does not know the helper that the program calls.
const control = await object
  .bind('constant.bss', { kind: 'data' })
  .bind('.data.doorbell', { kind: 'data' })
  .attach('on_ring', false)
  .start();
for (const name of ['constant.bss', '.bss']) console.log(await new DataSec(control, name).read());
console.log(await new DataSec(control, '.data.doorbell').read());
console.log(await failure(() => new DataSec(control, 'constant_string.bss').read()));
await control.stop();
