import object from '../../../fixtures/spec/bloom.bpf.o';
import { failure } from '../../../fixtures/spec/check.ts';

console.log(await failure(() => object.bind('seen', { kind: 'bloom_filter' }).start()));
