import { BpfObject, DataSec } from 'yeet:bpf';
import { failure, until } from '../../../fixtures/spec/check.ts';
import { lab, places } from '../../../fixtures/spec/lab.ts';
import object from '../../../fixtures/spec/struct_ops.bpf.o';

const control = await object.bind('.bss', { kind: 'data' }).start();
places(control, 'spec_cong_avoid');
const bss = new DataSec(control, '.bss');
const acknowledgements = () => bss.read('acknowledgements') as Promise<number>;

// Only the connection that asks for it gets it.
lab('tcp reno; registered');
console.log(`another connection: ${await acknowledgements()} calls`);
lab('tcp yeet_spec');
await until(async () => (await acknowledgements()) > 0, 'the function is called');
console.log('this connection: called');

// The kernel takes a name once.
console.log(await failure(() => new BpfObject(object).start()));

await control.stop();
const again = await new BpfObject(object).start();
await again.stop();
lab('registered');
