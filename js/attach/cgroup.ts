import type { Options } from './options.ts';
import { parseCgroupPath } from './perf.ts';
import type { CgroupHow } from './spec.ts';

/** `{ cgroup: path }` for a program of a cgroup hook. */
export function parseCgroup(options: Options): CgroupHow {
  options.only('kind', 'cgroup');
  return { lane: 'cgroup', path: parseCgroupPath(options, 'cgroup') };
}
