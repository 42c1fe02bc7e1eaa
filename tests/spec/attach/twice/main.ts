import { BpfObject } from 'yeet:bpf';
import { caught } from '../../../fixtures/spec/check.ts';

const object = new BpfObject({ exe: 'x.bpf.o' }).attach('first', null).attach('second', false);
for (const [name, spec] of [
  ['first', null],
  ['first', false],
  ['second', {}],
] as const) {
  const error = await caught(() => object.attach(name, spec));
  console.log(`${error.code}: ${error.message}`, error.program);
}
