import { caught } from '../../../fixtures/spec/check.ts';
import { lab } from '../../../fixtures/spec/lab.ts';
import object from '../../../fixtures/spec/perf.bpf.o';
import { clock, sampled, startPerf } from '../../../fixtures/spec/samples.ts';

// The first two would do.
const error = await caught(() => startPerf(object, [clock({ cpu: [0] }), clock({ cpu: [1] }), clock({ cpu: [4000] })]));
console.log(`${error.code} of ${error.program}: ${error.message.includes('failed to attach')}`);
const control = await startPerf(object, clock({ target: { kind: 'pids', pids: [yeet.args.blue] } }));
// One event for each of the task's two threads.
lab('events; tell $blue USR2 blue');
await sampled(control, ['blue old', 'blue young', 'blue kid']);
await control.stop();
