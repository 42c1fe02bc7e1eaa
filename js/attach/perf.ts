import { parseCookie } from './cookie.ts';
import { MAX_PID, parseHandle, parseNs } from './namespace.ts';
import type { Options } from './options.ts';
import type { PerfHow } from './spec.ts';

const NAMES = {
  software: [
    'cpu_clock',
    'task_clock',
    'page_faults',
    'context_switches',
    'cpu_migrations',
    'page_faults_min',
    'page_faults_maj',
    'alignment_faults',
    'emulation_faults',
  ],
  hardware: [
    'cpu_cycles',
    'instructions',
    'cache_references',
    'cache_misses',
    'branch_instructions',
    'branch_misses',
    'bus_cycles',
    'stalled_cycles_frontend',
    'stalled_cycles_backend',
    'ref_cpu_cycles',
  ],
} as const;

const MAX_CPU = 2 ** 16;

/** `{ kind: "perf", event, cpu?, target?, sample?, cookie? }`. */
export function parsePerf(options: Options): PerfHow {
  options.only('kind', 'event', 'cpu', 'target', 'sample', 'cookie');
  return {
    lane: 'perf',
    event: parseEvent(options),
    cpus: options.integers('cpu', 0, MAX_CPU, 'a CPU number'),
    target: parseTarget(options),
    sample: parseSample(options),
    cookie: parseCookie(options),
  };
}

function parseEvent(options: Options): PerfHow['event'] {
  const event = options.object('event', '{ kind: "software", name } or { kind: "hardware", name }');
  event.only('kind', 'name');
  const kind = event.oneOf('kind', ['software', 'hardware']);
  return { kind, name: event.oneOf<string>('name', NAMES[kind]) };
}

function parseTarget(options: Options): PerfHow['target'] {
  if (!options.has('target')) return { kind: 'pids', ns: { kind: 'host' }, pids: null };
  const target = options.object('target', '{ kind: "pids", ns?, pids? } or { kind: "cgroup", path }');
  if (target.oneOf('kind', ['pids', 'cgroup']) === 'cgroup') {
    target.only('kind', 'path');
    return { kind: 'cgroup', path: parseCgroupPath(target, 'path') };
  }
  target.only('kind', 'ns', 'handle', 'pids');
  if (target.has('ns') && target.has('handle'))
    target.reject('target.ns and target.handle say the same; give one of them');
  const ns = target.has('handle') ? parseHandle(target) : parseNs(target);
  return { kind: 'pids', ns, pids: target.integers('pids', 1, MAX_PID, 'a process id') };
}

/** The folder of a control group. */
export function parseCgroupPath(options: Options, name: string): string {
  const accepted = 'the absolute path of a cgroup such as "/sys/fs/cgroup/system.slice"';
  const path = options.text(name, accepted);
  return path.startsWith('/') ? path : options.fail(name, accepted);
}

function parseSample(options: Options): PerfHow['sample'] {
  if (!options.has('sample')) return null;
  const accepted = '{ freq } (samples a second) or { period } (events between two samples)';
  const sample = options.object('sample', accepted);
  sample.only('freq', 'period');
  if (sample.names.length !== 1) options.fail('sample', accepted);
  const kind = sample.has('freq') ? 'freq' : 'period';
  const what = kind === 'freq' ? 'a number of samples a second' : 'a number of events';
  return { kind, value: sample.integer(kind, 1, Number.MAX_SAFE_INTEGER, what) };
}
