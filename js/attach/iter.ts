import { MAX_PID } from './namespace.ts';
import type { Options } from './options.ts';
import { parseCgroupPath } from './perf.ts';
import type { IterHow } from './spec.ts';

const ORDERS = {
  self: 'own',
  descendants_pre: 'descendants_pre',
  descendants_post: 'descendants_post',
  ancestors_up: 'ancestors_up',
} as const;

/** `{ kind: "iter", map?, pid?, tid?, cgroup?, order? }`. Which of them a program takes is its section's to say, so native code checks it. */
export function parseIter(options: Options): IterHow {
  options.only('kind', 'map', 'pid', 'tid', 'cgroup', 'order');
  if (options.has('pid') && options.has('tid')) options.reject('pid and tid exclude each other; give one of them');
  return {
    lane: 'iter',
    map: options.has('map') ? options.text('map', 'the name of a map in the object') : null,
    task: parseTask(options),
    cgroup: parseCgroup(options),
  };
}

function parseTask(options: Options): IterHow['task'] {
  if (options.has('pid')) return { kind: 'pid', id: options.integer('pid', 1, MAX_PID, 'a process id') };
  if (options.has('tid')) return { kind: 'tid', id: options.integer('tid', 1, MAX_PID, 'a thread id') };
  return null;
}

function parseCgroup(options: Options): IterHow['cgroup'] {
  if (!options.has('cgroup') && !options.has('order')) return null;
  const order = options.has('order')
    ? options.oneOf('order', Object.keys(ORDERS) as (keyof typeof ORDERS)[])
    : 'descendants_pre';
  return { path: options.has('cgroup') ? parseCgroupPath(options, 'cgroup') : null, order: ORDERS[order] };
}
