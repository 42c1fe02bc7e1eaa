import { type AttachSpec, BpfObject } from 'yeet:bpf';
import { failure } from '../../../fixtures/spec/check.ts';
import object from '../../../fixtures/spec/perf.bpf.o';

const refuse = async (spec: unknown) => {
  const message = await failure(() => new BpfObject(object).attach('on_sample', spec as AttachSpec).start());
  console.log(message.replace(/online are [\d, ]+/, 'online are N').replace(/limit of \d+/, 'limit of N'));
};
const event = { kind: 'software', name: 'cpu_clock' };
const good = { kind: 'perf', event, sample: { freq: 99 } };
// Refused by attach().
await refuse({ kind: 'perf' });
await refuse({ ...good, event: 'cpu_clock' });
await refuse({ ...good, event: { kind: 'tracepoint', name: 'sched_switch' } });
await refuse({ ...good, event: { kind: 'software', name: 'cpu-clock' } });
await refuse({ ...good, event: { kind: 'hardware', name: 'cycles' } });
await refuse({ ...good, event: { ...event, config: 1 } });
await refuse({ ...good, cpu: 0 });
await refuse({ ...good, cpu: [] });
await refuse({ ...good, cpu: [-1] });
await refuse({ ...good, sample: 99 });
await refuse({ ...good, sample: {} });
await refuse({ ...good, sample: { freq: 99, period: 1 } });
await refuse({ ...good, sample: { freq: 0 } });
await refuse({ ...good, sample: { period: 1.5 } });
await refuse({ ...good, target: 1234 });
await refuse({ ...good, target: { kind: 'pid', pids: [1] } });
await refuse({ ...good, target: { kind: 'pids', pids: [] } });
await refuse({ ...good, target: { kind: 'pids', pids: ['1'] } });
await refuse({ ...good, target: { kind: 'pids', ns: 'container' } });
await refuse({ ...good, target: { kind: 'pids', ns: 'host', handle: { kind: 'host' } } });
await refuse({ ...good, target: { kind: 'pids', handle: { kind: 'cgroup' } } });
await refuse({ ...good, target: { kind: 'cgroup' } });
await refuse({ ...good, target: { kind: 'cgroup', path: 'system.slice' } });
await refuse({ ...good, target: { kind: 'cgroup', path: '/sys/fs/cgroup', pids: [1] } });
await refuse({ ...good, cookie: -1 });
await refuse({ ...good, pid: 1 });
// Refused by the kernel.
await refuse({ ...good, cpu: [0, 4000] });
await refuse({ ...good, sample: { freq: 2 ** 40 } });
await refuse({ ...good, target: { kind: 'pids', pids: [4_000_000] } });
await refuse({ ...good, target: { kind: 'pids', ns: { pid: 4_000_000 } } });
await refuse({ ...good, target: { kind: 'pids', ns: { path: '/proc/self/ns/none' } } });
await refuse({ ...good, target: { kind: 'pids', ns: { path: '/proc/self/ns/net' } } });
await refuse({ ...good, target: { kind: 'cgroup', path: '/sys/fs/cgroup/no-such' } });
await refuse({ ...good, target: { kind: 'cgroup', path: '/etc' } });
// Refused before load.
await refuse({ kind: 'xdp' });
await refuse({ kind: 'uprobe', binary: 'libc.so.6', symbol: 'malloc' });
