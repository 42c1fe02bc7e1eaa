import { type AttachSpec, BpfObject } from 'yeet:bpf';
import { failure } from '../../../fixtures/spec/check.ts';
import object from '../../../fixtures/spec/net.bpf.o';

const refuse = async (spec: unknown) => {
  console.log(await failure(() => new BpfObject(object).attach('on_xdp', spec as AttachSpec).start()));
};
// Refused by attach().
await refuse({ kind: 'xdp', order: 'before' });
await refuse({ kind: 'xdp', ifindex: 1 });
await refuse({ kind: 'xdp', ifindex: [] });
await refuse({ kind: 'xdp', ifindex: [0] });
await refuse({ kind: 'xdp', ns: 'container' });
await refuse({ kind: 'xdp', ns: { pid: 0 } });
await refuse({ kind: 'xdp', ns: { path: 'ns/net' } });
await refuse({ kind: 'xdp', ns: 'host', net: { handle: { kind: 'host' } } });
await refuse({ kind: 'xdp', net: { ifindex: [1] } });
// Refused by the kernel.
await refuse({ kind: 'xdp', ifindex: [4711] });
await refuse({ kind: 'xdp', ifindex: ['ho'] });
await refuse({ kind: 'xdp', ns: { path: '/run/netns/blue' }, ifindex: ['h0'] });
await refuse({ kind: 'xdp', ns: { pid: 4_000_000 } });
await refuse({ kind: 'xdp', ns: { path: '/run/netns/none' } });
await refuse({ kind: 'xdp', ns: { path: '/proc/self/ns/pid' } });
await refuse({ kind: 'xdp', ns: { path: '/etc/hostname' } });
// Refused before load.
await refuse({ kind: 'tcx' });
await refuse({ kind: 'perf', event: { kind: 'software', name: 'cpu_clock' } });
