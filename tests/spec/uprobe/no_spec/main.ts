import { failure } from '../../../fixtures/spec/check.ts';
import calls from '../../../fixtures/uprobe/calls.bpf.o';

console.log(await failure(() => calls.start()));
