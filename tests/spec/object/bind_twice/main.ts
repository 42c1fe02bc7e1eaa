import { BpfObject } from 'yeet:bpf';
import { caught } from '../../../fixtures/spec/check.ts';

const object = new BpfObject({ exe: 'x.bpf.o' }).bind('counts', { kind: 'hash' });
for (const kind of ['hash', 'array']) {
  const error = await caught(() => object.bind('counts', { kind }));
  console.log(`${error.code}: ${error.message}`, error.map);
}
