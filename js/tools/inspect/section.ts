import { BtfError } from '../../btf/errors.ts';
import { type Btf, type DataSection, sectionCodec, type Variable, Views } from '../../btf/mod.ts';
import { declarationOf } from '../../btf/names.ts';
import type { MapFacts } from '../facts.ts';
import type { Values } from '../types/values.ts';

/** A data section with its variables. */
export interface Section {
  readonly name: string;
  readonly kernelName: string;
  readonly size: number;
  readonly variables: readonly Global[];
}

export interface Global {
  readonly name: string;
  readonly c: string;
  readonly ts: string;
  readonly offset: number;
  readonly size: number;
  /** What it starts with, as reading it gives; undefined where the file does not say (`.bss` starts as zero). */
  readonly value: unknown;
}

/** Bytes that are decoded of one variable; larger ones are shown without their value. */
const MAX_VALUE = 4096;

/** The section behind a map, none for other maps. */
export function sectionReport(btf: Btf, map: MapFacts, values: Values): Section[] {
  if (map.section === null) return [];
  const section = btf.section(map.section);
  const variables = (section?.vars ?? []).map((variable): Global => {
    const { name, offset, size, typeId } = variable;
    const value = section === undefined ? undefined : initialValue(btf, section, variable, map.initial);
    return { name, c: declarationOf(btf, typeId, name), ts: values.type(typeId), offset, size, value };
  });
  return [{ name: map.section, kernelName: map.kernelName, size: map.valueSize, variables }];
}

function initialValue(btf: Btf, section: DataSection, variable: Variable, initial: Uint8Array | null): unknown {
  if (initial === null || variable.size > MAX_VALUE || section.name === '.kconfig') return undefined;
  try {
    // Alone, so that a neighbour that cannot be read does not hide it.
    const alone = { name: section.name, size: section.size, vars: [variable] };
    return sectionCodec(btf, alone).readVar(viewsOf(initial), variable.name);
  } catch (error) {
    if (error instanceof BtfError) return undefined;
    throw error;
  }
}

const views = new WeakMap<Uint8Array, Views>();

/** Typed arrays of whole words over a copy of the bytes. */
function viewsOf(bytes: Uint8Array): Views {
  let found = views.get(bytes);
  if (found === undefined) {
    const buffer = new ArrayBuffer((bytes.length + 7) & ~7);
    new Uint8Array(buffer).set(bytes);
    found = new Views(buffer);
    views.set(bytes, found);
  }
  return found;
}
