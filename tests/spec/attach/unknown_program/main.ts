import object from '../../../fixtures/spec/attach.bpf.o';
import { caught } from '../../../fixtures/spec/check.ts';

const error = await caught(() => object.attach('by_tracepoints', null).start());
console.log(error.code, error.program, error.path === object.exe);
console.log(error.message.replace(object.exe, 'attach.bpf.o'));
