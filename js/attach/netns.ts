import { parseNs } from './namespace.ts';
import type { Options } from './options.ts';
import type { NetnsHow } from './spec.ts';

/** `{ ns }` for `sk_lookup` and `flow_dissector` programs. */
export function parseNetns(options: Options): NetnsHow {
  options.only('kind', 'ns');
  return { lane: 'netns', ns: parseNs(options) };
}
