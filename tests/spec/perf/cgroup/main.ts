import { lab, places } from '../../../fixtures/spec/lab.ts';
import object from '../../../fixtures/spec/perf.bpf.o';
import { clock, sampled, startPerf } from '../../../fixtures/spec/samples.ts';

const target = { kind: 'cgroup', path: yeet.args.group as string } as const;
const control = await startPerf(object, clock({ target, cpu: [0] }));
places(control, 'on_sample');
await control.stop();

const everywhere = await startPerf(object, clock({ target }));
await sampled(everywhere, ['blue old']);
// Who joins the group is seen from then on.
lab('echo $red >$group/cgroup.procs');
await sampled(everywhere, ['blue old', 'red old']);
await everywhere.stop();
