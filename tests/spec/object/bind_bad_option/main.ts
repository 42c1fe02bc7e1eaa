import { BpfObject } from 'yeet:bpf';
import { failure } from '../../../fixtures/spec/check.ts';

const object = new BpfObject({ exe: 'x.bpf.o' });
for (const capacity of [0, -1, 1.5, NaN, Infinity, 2 ** 24 + 1, '16', 16n, null, true]) {
  console.log(await failure(() => object.bind('events', { kind: 'ringbuf', capacity } as { kind: string })));
}
for (const byteCap of [0, 2 ** 31, {}]) {
  console.log(await failure(() => object.bind('events', { kind: 'ringbuf', byteCap } as { kind: string })));
}
for (const btf_struct of ['', 3, {}]) {
  console.log(await failure(() => object.bind('events', { kind: 'ringbuf', btf_struct } as { kind: string })));
}
for (const init of [3, 'a', []]) {
  console.log(await failure(() => object.bind('.data', { kind: 'data', init } as { kind: string })));
}
console.log(await failure(() => object.bind('.data', { kind: 'data', freeze: 1 } as unknown as { kind: string })));
object.bind('events', { kind: 'ringbuf', capacity: 2 ** 24, byteCap: 2 ** 30, btf_struct: 'event' });
