import { type AttachSpec, AttachSpecError, parseAttach } from '../attach/mod.ts';
import { BpfError } from './error.ts';

/** The arguments of `attach()`, checked. Throws InvalidOpts. */
export function checkedAttach(program: unknown, spec: unknown): AttachSpec {
  try {
    return parseAttach(program, spec);
  } catch (error) {
    if (!(error instanceof AttachSpecError)) throw error;
    throw new BpfError('InvalidOpts', error.message, error.program === undefined ? {} : { program: error.program });
  }
}
