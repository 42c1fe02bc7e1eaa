import { parseCookie } from './cookie.ts';
import type { Options } from './options.ts';
import type { UsdtHow } from './spec.ts';
import { parseBinary, parsePid } from './uprobe.ts';

/** `{ kind: "usdt", binary, provider, name, pid?, cookie? }`. */
export function parseUsdt(options: Options): UsdtHow {
  options.only('kind', 'binary', 'provider', 'name', 'pid', 'cookie');
  return {
    lane: 'usdt',
    binary: parseBinary(options),
    provider: options.text('provider', 'the provider of the static probe such as "libc"'),
    name: options.text('name', 'the name of the static probe such as "setjmp"'),
    pid: parsePid(options),
    cookie: parseCookie(options),
  };
}
