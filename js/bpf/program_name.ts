import { show } from '../text.ts';
import { BpfError } from './error.ts';

/** The first argument of the calls of a control that name a program. `call` is how a message writes the call. */
export function programName(program: unknown, call: string): string {
  if (typeof program === 'string' && program !== '') return program;
  throw new BpfError(
    'InvalidOpts',
    `${call}: program is ${show(program)}, but must be the name of a program in the object`,
  );
}
