import type { SectionHow } from './spec.ts';

/** Attach by what the program's ELF section says. */
export const BY_SECTION: SectionHow = { lane: 'auto' };

/** Neither load nor attach the program. */
export const LEFT_OUT: SectionHow = { lane: 'off' };
