import { parseNs } from './namespace.ts';
import type { Options } from './options.ts';
import type { NetfilterHow } from './spec.ts';

/** `{ pf, hook, priority, ns? }` for a netfilter program. */
export function parseNetfilter(options: Options): NetfilterHow {
  options.only('kind', 'pf', 'hook', 'priority', 'ns');
  return {
    lane: 'netfilter',
    ns: parseNs(options),
    pf: options.oneOf('pf', ['inet4', 'inet6']),
    hook: options.oneOf('hook', ['pre_routing', 'local_in', 'forward', 'local_out', 'post_routing']),
    priority: options.integer('priority', -(2 ** 31), 2 ** 31 - 1, 'the place among the programs of the hook'),
  };
}
