import { parseCookie } from './cookie.ts';
import type { Options } from './options.ts';
import type { LoadHow, SectionHow } from './spec.ts';

/** Attach by what the program's ELF section says. */
export const BY_SECTION: SectionHow = { lane: 'auto', cookie: null };

/** Neither load nor attach the program. */
export const LEFT_OUT: LoadHow = { lane: 'off' };

/** `{ cookie? }`: what the section says, with a number that the program can read. */
export function parseSection(options: Options): SectionHow {
  options.only('cookie');
  return { lane: 'auto', cookie: parseCookie(options) };
}

/** `{ autoattach: false }`: load the program and leave it to `control.attach()`. */
export function parseAutoattach(options: Options): LoadHow {
  options.only('autoattach');
  if (options.get('autoattach') !== false) {
    options.fail('autoattach', 'false: load the program without attaching it (null attaches it by its section)');
  }
  return { lane: 'load' };
}
