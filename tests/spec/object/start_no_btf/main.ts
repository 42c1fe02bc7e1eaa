import { failure } from '../../../fixtures/spec/check.ts';
import object from '../../../fixtures/spec/no_btf.bpf.o';

console.log(await failure(() => object.start()));
