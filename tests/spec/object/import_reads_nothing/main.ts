import { failure } from '../../../fixtures/spec/check.ts';
import object from './missing.bpf.o';

console.log(object.exe.endsWith('/import_reads_nothing/missing.bpf.o'));
console.log(await failure(() => object.start()));
