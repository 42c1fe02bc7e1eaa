import { type AttachSpec, BpfObject } from 'yeet:bpf';
import { failure } from '../../../fixtures/spec/check.ts';
import object from '../../../fixtures/spec/net.bpf.o';

const refuse = async (spec: unknown) => {
  console.log(await failure(() => new BpfObject(object).attach('on_filter', spec as AttachSpec).start()));
};
const good = { pf: 'inet4', hook: 'local_in', priority: 0 };
// Refused by attach().
await refuse({ ...good, pf: 'inet' });
await refuse({ ...good, hook: 'input' });
await refuse({ ...good, priority: undefined });
await refuse({ ...good, priority: 0.5 });
await refuse({ ...good, priority: 2 ** 31 });
await refuse({ ...good, ns: 'container' });
await refuse({ ...good, ifindex: [1] });
// Refused by the kernel.
await refuse({ ...good, priority: -(2 ** 31) });
await refuse({ ...good, priority: 2 ** 31 - 1 });
await refuse({ ...good, ns: { pid: 4_000_000 } });
await refuse({ ...good, ns: { path: '/proc/self/ns/mnt' } });
// Refused before load.
await refuse({ kind: 'xdp' });
await refuse(null);
