import { show } from '../text.ts';
import { parseHandle, parseNs } from './namespace.ts';
import type { Options } from './options.ts';
import type { Namespace } from './spec.ts';

interface Interfaces {
  readonly ns: Namespace;
  readonly interfaces: (number | string)[] | null;
}

/** Names of the options that {@link parseInterfaces} reads. */
export const INTERFACE_OPTIONS = ['ns', 'ifindex', 'net'] as const;

/** `ns` and `ifindex`, or in their place the explicit `net: { handle, ifindex }`. */
export function parseInterfaces(options: Options): Interfaces {
  if (!options.has('net')) return { ns: parseNs(options), interfaces: parseList(options) };
  const sugar = ['ns', 'ifindex'].find((name) => options.has(name));
  if (sugar !== undefined) options.reject(`net and ${sugar} say the same; give one of them`);
  const net = options.object('net', '{ handle, ifindex }');
  net.only('handle', 'ifindex');
  return { ns: parseHandle(net), interfaces: parseList(net) };
}

const MAX_INDEX = 2 ** 31 - 1;
/** The kernel's IFNAMSIZ without the final NUL. */
const MAX_NAME = 15;

function parseList(options: Options): (number | string)[] | null {
  const what = 'an interface index (a whole number from 1) or name';
  const elements = options.elements('ifindex', what);
  return (
    elements?.map((value) => {
      if (typeof value === 'string' && value !== '' && value.length <= MAX_NAME && !/[\s/\0]/.test(value)) return value;
      const index = typeof value === 'bigint' ? Number(value) : value;
      if (typeof index === 'number' && Number.isInteger(index) && index >= 1 && index <= MAX_INDEX) return index;
      return options.reject(`ifindex has ${show(value)}, but every element must be ${what}`);
    }) ?? null
  );
}
