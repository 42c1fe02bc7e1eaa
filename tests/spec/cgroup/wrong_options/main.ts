import { type AttachSpec, BpfObject } from 'yeet:bpf';
import { caught, failure } from '../../../fixtures/spec/check.ts';
import { another, lab, Watch } from '../../../fixtures/spec/lab.ts';
import object from '../../../fixtures/spec/net.bpf.o';

const refuse = async (spec: unknown) => {
  console.log(await failure(() => new BpfObject(object).attach('on_connect', spec as AttachSpec).start()));
};
// Refused by attach().
await refuse({ kind: 'cgroup' });
await refuse({ cgroup: 'system.slice' });
await refuse({ cgroup: 7 });
await refuse({ cgroup: '/sys/fs/cgroup', ns: 'host' });
// Refused by the kernel.
await refuse({ cgroup: '/sys/fs/cgroup/no-such' });
await refuse({ cgroup: '/etc' });
await refuse({ cgroup: '/etc/hostname' });
// Refused before load.
await refuse({ kind: 'xdp' });
await refuse({ kind: 'netns' });

// One of two groups refuses: the other is let go.
const specs = [{ cgroup: yeet.args.blue }, { cgroup: '/etc' }];
const error = await caught(() => another(object).attach('on_connect', specs).start());
console.log(`program ${error.program}, path ${error.path}`);
const control = await another(object).attach('on_connect', null).start();
const watch = await Watch.open(control);
lab('links; send host LAST');
await watch.report();
await control.stop();
