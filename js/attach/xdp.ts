import { INTERFACE_OPTIONS, parseInterfaces } from './interfaces.ts';
import type { Options } from './options.ts';
import type { XdpHow } from './spec.ts';

/** `{ kind: "xdp", ns?, ifindex? }`. */
export function parseXdp(options: Options): XdpHow {
  options.only('kind', ...INTERFACE_OPTIONS);
  return { lane: 'xdp', ...parseInterfaces(options) };
}
