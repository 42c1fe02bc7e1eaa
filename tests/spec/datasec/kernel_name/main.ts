import { DataSec } from 'yeet:bpf';
import { failure } from '../../../fixtures/spec/check.ts';
import object from '../../../fixtures/spec/constant_string.bpf.o';

const control = await object.bind('constant.bss', { kind: 'data' }).bind('.data.doorbell', { kind: 'data' }).start();
for (const name of ['constant.bss', '.bss']) console.log(await new DataSec(control, name).read());
console.log(await new DataSec(control, '.data.doorbell').read());
console.log(await failure(() => new DataSec(control, 'constant_string.bss').read()));
await control.stop();
