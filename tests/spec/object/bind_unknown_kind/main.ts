import { BpfObject } from 'yeet:bpf';
import { failure } from '../../../fixtures/spec/check.ts';

const object = new BpfObject({ exe: 'x.bpf.o' });
for (const spec of [{ kind: 'hasmap' }, { kind: 'HASHMAP' }, { kind: '' }, { kind: 3 }, {}, null, undefined, 'hash']) {
  console.log(await failure(() => object.bind('counts', spec as { kind: string })));
}
console.log(await failure(() => object.bind('', { kind: 'hash' })));
console.log(await failure(() => object.bind(3 as unknown as string, { kind: 'hash' })));
// None of these bound anything.
object.bind('counts', { kind: 'hash' });
