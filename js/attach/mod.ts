/**
 * How a program attaches: checks what a script handed to `attach()` and lowers it to what native code takes. Pure; one file per lane.
 */
import { list, show } from '../text.ts';
import { AttachSpecError } from './errors.ts';
import { bySection, leftOut } from './section.ts';
import type { AttachSpec } from './spec.ts';

export { AttachSpecError } from './errors.ts';
export type { AttachSpec } from './spec.ts';

/** One way of attaching that `spec.kind` selects. */
interface Lane {
  readonly kind: string;
  /** Checks every option and lowers the spec; `spec` has no undefined members. Throws AttachSpecError. */
  parse(program: string, spec: Readonly<Record<string, unknown>>): AttachSpec;
}

const LANES: readonly Lane[] = [];

const ACCEPTED = 'null or {} to attach by its ELF section, or false to leave the program out';

/** Checks the arguments of `attach(program, spec)`. */
export function parseAttach(program: unknown, spec: unknown): AttachSpec {
  if (typeof program !== 'string' || program === '') {
    throw new AttachSpecError(
      `attach(program, spec): program is ${show(program)}, but must be the name of a program in the object`,
    );
  }
  if (spec === undefined || spec === null) return bySection(program);
  if (spec === false) return leftOut(program);
  const fail = (problem: string): never => {
    throw new AttachSpecError(`attach('${program}', ...): ${problem}; the spec must be ${ACCEPTED}`, program);
  };
  if (typeof spec !== 'object' || Array.isArray(spec)) return fail(`the spec is ${show(spec)}`);
  const options = Object.fromEntries(Object.entries(spec).filter(([, value]) => value !== undefined));
  const lane = LANES.find((candidate) => candidate.kind === options.kind);
  if (lane !== undefined) return lane.parse(program, options);
  if (Object.keys(options).length === 0) return bySection(program);
  if (options.kind === undefined) return fail(`kind is missing beside ${list(Object.keys(options))}`);
  return fail(`kind is ${show(options.kind)}, but ${available()}`);
}

function available(): string {
  if (LANES.length === 0) return 'this version attaches by ELF section only';
  return `the kinds are ${list(LANES.map((lane) => lane.kind))}`;
}
