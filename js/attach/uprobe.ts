import { parseCookie } from './cookie.ts';
import { MAX_PID } from './namespace.ts';
import type { Options } from './options.ts';
import type { NamePattern, UprobeHow } from './spec.ts';

const BINARY = 'a bare library or program name such as "libssl.so.3", or an absolute path';

/** `{ kind: "uprobe", binary, symbol?, match?, offset?, pid?, cookie? }`. Entry or return is the section's to say. */
export function parseUprobe(options: Options): UprobeHow {
  options.only('kind', 'binary', 'symbol', 'match', 'offset', 'pid', 'cookie');
  const binary = parseBinary(options);
  const pattern = options.has('match') ? parseMatch(options) : null;
  const symbol = options.has('symbol') ? options.text('symbol', 'the name of a function such as "SSL_read"') : null;
  const offset = options.has('offset')
    ? options.integer('offset', 0, Number.MAX_SAFE_INTEGER, 'a number of bytes')
    : null;
  if (pattern !== null && (symbol !== null || offset !== null)) {
    const other = symbol !== null ? 'symbol' : 'offset';
    options.reject(`match and ${other} cannot go together: match stands for all functions whose names match`);
  }
  if (pattern === null && symbol === null && offset === null) {
    options.reject(
      'symbol, match and offset are all missing; give the function as symbol, several as match, or a raw offset into the file',
    );
  }
  const place = { binary, symbol, pattern, offset: offset ?? 0, pid: parsePid(options), cookie: parseCookie(options) };
  return { lane: 'uprobe', places: [place] };
}

/** The engine that matches is not JavaScript's: of its flags only one has a meaning there. */
function parseMatch(options: Options): NamePattern {
  const value = options.get('match');
  if (value instanceof RegExp) {
    const other = value.flags.replace('i', '');
    if (other !== '') options.reject(`match is ${value} with the flag '${other[0]}', but only 'i' can be given`);
    return { source: value.source, ignore_case: value.ignoreCase };
  }
  return { source: options.text('match', 'a regular expression over names of functions'), ignore_case: false };
}

export function parseBinary(options: Options): string {
  const binary = options.text('binary', BINARY);
  return binary.includes('/') && !binary.startsWith('/') ? options.fail('binary', BINARY) : binary;
}

/** Null for every process. */
export function parsePid(options: Options): number | null {
  return options.has('pid') ? options.integer('pid', 1, MAX_PID, 'a process id') : null;
}
