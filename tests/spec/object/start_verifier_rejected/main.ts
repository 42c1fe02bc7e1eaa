import { caught } from '../../../fixtures/spec/check.ts';
import object from '../../../fixtures/spec/rejected.bpf.o';

const error = await caught(() => object.start());
console.log(error.code, error.program, error.errno);
console.log(error.message);
console.log(error.message.split('\n').length < 40, (error.log?.split('\n').length ?? 0) > 1000);
console.log(Object.keys(error).includes('log'));
