import { BpfObject } from 'yeet:bpf';
import { failure } from '../../../fixtures/spec/check.ts';
import object from '../../../fixtures/spec/perf.bpf.o';

console.log(await failure(() => object.start()));
console.log(await failure(() => new BpfObject(object).attach('on_sample', null).attach('on_cookie', {}).start()));
