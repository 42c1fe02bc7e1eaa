import type { Options } from './options.ts';

const MAX_COOKIE = 2n ** 64n - 1n;

/**
 * `cookie`: the number that `bpf_get_attach_cookie()` gives the program at this place, in decimal, since a BigInt does not pass into native code
 * inside a spec. Null where there is none; the program then reads 0.
 */
export function parseCookie(options: Options): string | null {
  if (!options.has('cookie')) return null;
  const value = options.get('cookie');
  const cookie = typeof value === 'number' && Number.isSafeInteger(value) ? BigInt(value) : value;
  if (typeof cookie === 'bigint' && cookie >= 0n && cookie <= MAX_COOKIE) return cookie.toString();
  return options.fail('cookie', 'a BigInt or whole number from 0 to 2 ** 64 - 1');
}
