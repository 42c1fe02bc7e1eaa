import { type AttachSpec, BpfObject } from 'yeet:bpf';
import { failure } from '../../../fixtures/spec/check.ts';
import object from '../../../fixtures/spec/net.bpf.o';

const refuse = async (spec: unknown) => {
  console.log(await failure(() => new BpfObject(object).attach('on_lookup', spec as AttachSpec).start()));
};
// Refused by attach().
await refuse({ ns: 'container' });
await refuse({ ns: { pid: '1' } });
await refuse({ ns: { path: '/proc/1/ns/net', pid: 1 } });
await refuse({ kind: 'netns', ifindex: [1] });
// Refused by the kernel.
await refuse({ ns: { pid: 4_000_000 } });
await refuse({ ns: { path: '/run/netns/none' } });
await refuse({ ns: { path: '/proc/self/ns/uts' } });
// Refused before load.
await refuse({ kind: 'xdp' });
await refuse({ pf: 'inet4', hook: 'local_in', priority: 0 });
