import type { AttachSpec } from './spec.ts';

/** Attach by what the program's ELF section says. */
export function bySection(program: string): AttachSpec {
  return { program, lane: 'auto' };
}

/** Neither load nor attach the program. */
export function leftOut(program: string): AttachSpec {
  return { program, lane: 'off' };
}
