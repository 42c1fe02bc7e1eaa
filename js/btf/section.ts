import type { Btf, DataSection, Variable } from './btf.ts';
import { type Codec, codecOfShape } from './codec.ts';
import { show } from './convert.ts';
import { BtfError, ValueError } from './errors.ts';
import { shapeOf } from './layout.ts';
import { type Store, storesOf } from './patch.ts';
import type { Field, StructShape } from './shape.ts';
import { didYouMean } from './suggest.ts';
import type { Views } from './views.ts';

export type { Store } from './patch.ts';

/** Reads and patches the global variables of one data section. Offsets count from the start of the section, which lies at offset 0. */
export interface SectionCodec {
  /** In bytes. */
  readonly size: number;
  /** Names of the variables in the order of their offsets. */
  readonly names: readonly string[];
  has(name: string): boolean;
  /** The whole section as one object. */
  read(v: Views): Record<string, unknown>;
  /** One variable, `undefined` for a name that the section does not have. */
  readVar(v: Views, name: string): unknown;
  /**
   * What to write so that the variable `name` (or, with `undefined`, each variable that the object `value` names) gets its value: only the
   * leaves that the value names. Throws a ValueError before anything is returned.
   */
  lower(name: string | undefined, value: unknown): Store[];
}

/** The codec of a section of a BTF whose offsets libbpf has filled in. */
export function sectionCodec(btf: Btf, section: DataSection): SectionCodec {
  const vars = checkedVars(section);
  const codecFor = (variable: Variable): Codec => {
    // Not codecOf: a variable whose type the compiler left out (void) reads as `undefined` beside the others.
    const codec = codecOfShape(shapeOf(btf, variable.typeId));
    if (codec.size > variable.size) {
      throw new BtfError(
        `variable ${variable.name} of ${section.name} has ${variable.size} bytes, its type ${codec.size}`,
      );
    }
    return codec;
  };
  const readOne = (v: Views, variable: Variable): unknown =>
    codecFor(variable).decode(v, variable.offset, variable.offset + variable.size);

  let whole: { codec: Codec; flexible: Variable[] } | undefined;
  const makeWhole = () => {
    const all = [...vars.values()];
    const shape = sectionShape(section, all, codecFor);
    return { codec: codecOfShape(shape), flexible: all.filter((variable) => !codecFor(variable).isFixed) };
  };

  const lowerOne = (name: string, value: unknown): Store[] => {
    const variable = vars.get(name);
    if (variable === undefined) {
      const hint = didYouMean(name, vars.keys()) || `; it has ${[...vars.keys()].join(', ') || 'none'}`;
      throw new ValueError(`${section.name} has no variable ${JSON.stringify(name)}${hint}`);
    }
    return storesOf(codecFor(variable).shape, variable.offset, value, name, section.size);
  };

  return {
    size: section.size,
    names: [...vars.keys()],
    has: (name) => vars.has(name),
    read(v) {
      whole ??= makeWhole();
      const values = whole.codec.decode(v, 0, section.size) as Record<string, unknown>;
      for (const variable of whole.flexible) values[variable.name] = readOne(v, variable);
      return values;
    },
    readVar(v, name) {
      const variable = vars.get(name);
      return variable === undefined ? undefined : readOne(v, variable);
    },
    lower(name, value) {
      if (name !== undefined) return lowerOne(name, value);
      return checkedEntries(value, section.name).flatMap(([key, member]) => lowerOne(key, member));
    },
  };
}

function checkedVars(section: DataSection): Map<string, Variable> {
  if (section.size === 0 && section.vars.length > 0) {
    throw new BtfError(`section ${section.name} has variables but no size: its BTF was not fixed up by libbpf`);
  }
  for (const variable of section.vars) {
    if (variable.offset + variable.size > section.size) {
      throw new BtfError(`variable ${variable.name} ends outside the ${section.size} bytes of ${section.name}`);
    }
  }
  return new Map(section.vars.map((variable) => [variable.name, variable]));
}

/** The section as a struct with its variables as members. What a variable carries behind its type is read apart. */
function sectionShape(
  section: DataSection,
  vars: readonly Variable[],
  codecFor: (variable: Variable) => Codec,
): StructShape {
  const fields = vars.map((variable): Field => {
    return { name: variable.name, offset: variable.offset, shape: codecFor(variable).shape, choices: [], last: false };
  });
  const leaves = fields.reduce((sum, { shape }) => sum + shape.leaves, 1);
  return {
    row: 'struct',
    kind: 'struct',
    name: section.name,
    size: section.size,
    leaves,
    depth: 1,
    flexible: false,
    fields,
    unions: [],
  };
}

/** The variables that a patch of several names. `undefined` leaves one as it is. */
function checkedEntries(value: unknown, section: string): [string, unknown][] {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || ArrayBuffer.isView(value)) {
    throw new ValueError(`${section}: ${show(value)} is not an object of variables and their values`);
  }
  const entries = Object.entries(value);
  const prototype: unknown = Object.getPrototypeOf(value);
  if (entries.length === 0 && prototype !== null && prototype !== Object.prototype) {
    throw new ValueError(`${section}: ${show(value)} without members names no variables`);
  }
  return entries.filter(([, member]) => member !== undefined);
}
