import { failure } from '../../../fixtures/spec/check.ts';
import probe from '../start_large_max_entries/large.bpf.o';

console.log(await failure(() => probe.start()));
