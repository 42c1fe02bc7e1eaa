/**
 * How a program attaches: checks what a script handed to `attach()` and lowers it to what native code takes. Pure; one file per lane.
 */
import { show } from '../text.ts';
import { parseCgroup } from './cgroup.ts';
import { AttachSpecError } from './errors.ts';
import { parseIter } from './iter.ts';
import { parseNetfilter } from './netfilter.ts';
import { parseNetns } from './netns.ts';
import { Options } from './options.ts';
import { parsePerf } from './perf.ts';
import { BY_SECTION, LEFT_OUT, parseAutoattach, parseSection } from './section.ts';
import type { AttachSpec, How, UprobePlace } from './spec.ts';
import { parseTcx } from './tcx.ts';
import { parseUprobe } from './uprobe.ts';
import { parseUsdt } from './usdt.ts';
import { parseXdp } from './xdp.ts';

export { AttachSpecError } from './errors.ts';
export type { AttachSpec, How } from './spec.ts';

const LANES = {
  uprobe: parseUprobe,
  usdt: parseUsdt,
  perf: parsePerf,
  xdp: parseXdp,
  tcx: parseTcx,
  cgroup: parseCgroup,
  netns: parseNetns,
  netfilter: parseNetfilter,
  iter: parseIter,
} as const;

const KINDS = Object.keys(LANES) as (keyof typeof LANES)[];

/** Checks the arguments of `attach(program, spec)`. Throws AttachSpecError. */
export function parseAttach(program: unknown, spec: unknown): AttachSpec {
  if (typeof program !== 'string' || program === '') {
    const accepted = 'must be the name of a program in the object';
    throw new AttachSpecError(`attach(program, spec): program is ${show(program)}, but ${accepted}`);
  }
  return { program, how: Array.isArray(spec) ? parseSeveral(program, spec) : parseOne(program, spec) };
}

function parseOne(program: string, spec: unknown): How {
  if (spec === undefined || spec === null) return BY_SECTION;
  if (spec === false) return LEFT_OUT;
  if (typeof spec !== 'object' || Array.isArray(spec)) {
    const accepted = '{ kind, ... }, null or {} for its ELF section, or false to leave the program out';
    throw new AttachSpecError(`attach('${program}', ...): the spec is ${show(spec)}, but must be ${accepted}`, program);
  }
  const options = new Options(program, spec as Record<string, unknown>);
  if (options.names.length === 0) return BY_SECTION;
  if (options.has('autoattach')) return parseAutoattach(options);
  if (options.names.join() === 'cookie') return parseSection(options);
  return LANES[kindOf(options)](options);
}

/** Programs of some types need no kind: one of their own options tells. */
function kindOf(options: Options): keyof typeof LANES {
  if (options.has('kind')) return options.oneOf('kind', KINDS);
  if (options.has('cgroup')) return 'cgroup';
  if (options.has('pf') || options.has('hook')) return 'netfilter';
  if (options.names.join() === 'ns') return 'netns';
  return options.oneOf('kind', KINDS);
}

/** More is a mistake, such as an array made with a wrong length. */
const MAX_SPECS = 1 << 16;

/** An array attaches one program many times. */
function parseSeveral(program: string, specs: readonly unknown[]): How {
  if (specs.length > MAX_SPECS) {
    throw new AttachSpecError(
      `attach('${program}', ...): ${specs.length} specs are too many; at most ${MAX_SPECS} attach one program`,
      program,
    );
  }
  // Not map(): a hole of a sparse array is an undefined spec.
  const each = Array.from(specs, (spec) => parseOne(program, spec));
  if (each.length === 0) {
    throw new AttachSpecError(
      `attach('${program}', ...): the array of specs is empty, but must have at least one`,
      program,
    );
  }
  if (each.some((how) => how.lane === 'off' || how.lane === 'load')) {
    throw new AttachSpecError(
      `attach('${program}', ...): false and { autoattach } stand alone; they cannot be one of several specs`,
      program,
    );
  }
  const [first] = each;
  if (first !== undefined && each.length === 1) return first;
  // Many places of user-space code attach with one link where the kernel can.
  const places = each.flatMap((how): readonly UprobePlace[] => (how.lane === 'uprobe' ? how.places : []));
  return places.length === each.length ? { lane: 'uprobe', places } : { lane: 'several', each };
}
