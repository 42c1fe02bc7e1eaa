import type { Options } from './options.ts';
import type { Namespace } from './spec.ts';

export const MAX_PID = 2 ** 22;
const ACCEPTED = `"host", { pid } or { path }`;

/** The sugar `ns: "host" | { pid } | { path }`; the host's when it is absent. */
export function parseNs(options: Options): Namespace {
  if (!options.has('ns') || options.get('ns') === 'host') return { kind: 'host' };
  const ns = options.object('ns', ACCEPTED);
  if (ns.names.length !== 1) options.fail('ns', ACCEPTED);
  ns.only('pid', 'path');
  return ns.has('pid') ? byPid(ns) : byPath(ns);
}

/** The explicit `handle: { kind: "host" | "pid" | "path", … }` that the sugar stands for. */
export function parseHandle(options: Options): Namespace {
  const handle = options.object('handle', '{ kind: "host" }, { kind: "pid", pid } or { kind: "path", path }');
  const kind = handle.oneOf('kind', ['host', 'pid', 'path']);
  handle.only('kind', ...(kind === 'host' ? [] : [kind]));
  if (kind === 'host') return { kind };
  return kind === 'pid' ? byPid(handle) : byPath(handle);
}

function byPid(options: Options): Namespace {
  return { kind: 'pid', pid: options.integer('pid', 1, MAX_PID, 'a process id') };
}

function byPath(options: Options): Namespace {
  const accepted = 'the absolute path of a namespace file such as "/proc/1234/ns/net"';
  const path = options.text('path', accepted);
  return path.startsWith('/') ? { kind: 'path', path } : options.fail('path', accepted);
}
