import { type AttachSpec, BpfObject } from 'yeet:bpf';
import { failure } from '../../../fixtures/spec/check.ts';
import object from '../../../fixtures/spec/net.bpf.o';

const refuse = async (spec: unknown) => {
  console.log(await failure(() => new BpfObject(object).attach('on_ingress', spec as AttachSpec).start()));
};
// Refused by attach().
await refuse({ kind: 'tcx', order: 'first' });
await refuse({ kind: 'tcx', direction: 'in' });
await refuse({ kind: 'tcx', ifindex: 'lo' });
await refuse({ kind: 'tcx', ifindex: ['a name that is too long'] });
await refuse({ kind: 'tcx', ns: { pid: 1, path: '/proc/1/ns/net' } });
await refuse({ kind: 'tcx', ifindex: [1], net: { handle: { kind: 'host' } } });
await refuse({ kind: 'tcx', net: { handle: { kind: 'path' } } });
await refuse({ kind: 'tcx', net: { handle: { kind: 'host' }, order: 'before' } });
await refuse({ kind: 'tcx', cookie: 1 });
// Refused by the kernel.
await refuse({ kind: 'tcx', ifindex: [4711] });
await refuse({ kind: 'tcx', ifindex: ['ho'] });
await refuse({ kind: 'tcx', ns: { pid: 4_000_000 } });
await refuse({ kind: 'tcx', ns: { path: '/run/netns/none' } });
await refuse({ kind: 'tcx', ns: { path: '/proc/self/ns/mnt' } });
// Refused before load.
await refuse({ kind: 'xdp' });
await refuse({ cgroup: '/sys/fs/cgroup' });
