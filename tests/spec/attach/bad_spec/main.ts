import { BpfObject } from 'yeet:bpf';
import { failure } from '../../../fixtures/spec/check.ts';

const object = new BpfObject({ exe: 'x.bpf.o' });
for (const spec of [3, 'xdp', true, [], () => {}]) {
  console.log(await failure(() => object.attach('p', spec as unknown as null)));
}
for (const name of ['', 3, undefined]) console.log(await failure(() => object.attach(name as string, null)));
object.attach('p', null);
