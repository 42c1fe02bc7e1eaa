import { MAX_PID } from './namespace.ts';
import type { Options } from './options.ts';
import type { UprobeHow } from './spec.ts';

const BINARY = 'a bare library or program name such as "libssl.so.3", or an absolute path';

/** `{ kind: "uprobe", binary, symbol?, offset?, pid? }`. Entry or return is the section's to say. */
export function parseUprobe(options: Options): UprobeHow {
  options.only('kind', 'binary', 'symbol', 'offset', 'pid');
  const binary = parseBinary(options);
  const symbol = options.has('symbol') ? options.text('symbol', 'the name of a function such as "SSL_read"') : null;
  const offset = options.has('offset')
    ? options.integer('offset', 0, Number.MAX_SAFE_INTEGER, 'a number of bytes')
    : null;
  if (symbol === null && offset === null) {
    options.reject('symbol and offset are both missing; give the function as symbol, or a raw offset into the file');
  }
  const pid = parsePid(options);
  return { lane: 'uprobe', places: [{ binary, symbol, offset: offset ?? 0, pid }] };
}

export function parseBinary(options: Options): string {
  const binary = options.text('binary', BINARY);
  return binary.includes('/') && !binary.startsWith('/') ? options.fail('binary', BINARY) : binary;
}

/** Null for every process. */
export function parsePid(options: Options): number | null {
  return options.has('pid') ? options.integer('pid', 1, MAX_PID, 'a process id') : null;
}
