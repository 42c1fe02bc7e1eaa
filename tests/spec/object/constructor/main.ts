import { BpfObject } from 'yeet:bpf';
import { failure } from '../../../fixtures/spec/check.ts';

console.log(new BpfObject({ exe: 'x.bpf.o', base: '/some/where' }).exe);
console.log(new BpfObject({ exe: '../x.bpf.o', base: '/some/where' }).exe);
console.log(new BpfObject({ exe: '/x.bpf.o', base: '/some/where' }).exe);
console.log(new BpfObject({ exe: 'x.bpf.o' }).exe === `${import.meta.dirname}/x.bpf.o`);
const [one, another] = [1, 2].map(() => new BpfObject({ exe: 'x.bpf.o' }));
console.log(one === another);

for (const init of [undefined, null, {}, { exe: '' }, { exe: 3 }, { exe: 'x.bpf.o', base: 3 }]) {
  console.log(await failure(() => new BpfObject(init as { exe: string })));
}
