import { INTERFACE_OPTIONS, parseInterfaces } from './interfaces.ts';
import type { Options } from './options.ts';
import type { TcxHow } from './spec.ts';

/** `{ kind: "tcx", ns?, ifindex?, order?, direction? }`. */
export function parseTcx(options: Options): TcxHow {
  options.only('kind', ...INTERFACE_OPTIONS, 'order', 'direction');
  return {
    lane: 'tcx',
    ...parseInterfaces(options),
    order: options.has('order') ? options.oneOf('order', ['default', 'before', 'after']) : 'default',
    direction: options.has('direction') ? options.oneOf('direction', ['ingress', 'egress']) : null,
  };
}
