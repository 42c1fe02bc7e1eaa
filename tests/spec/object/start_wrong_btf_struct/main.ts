import { caught } from '../../../fixtures/spec/check.ts';
import object from '../../../fixtures/spec/ring.bpf.o';

const error = await caught(() => object.bind('events', { kind: 'ringbuf', btf_struct: 'evnt' }).start());
console.log(error.code, error.map, error.path === object.exe);
console.log(error.message.replace(object.exe, 'ring.bpf.o'));
