import { kindForMapType } from '../../bpf/kinds.ts';
import { Btf } from '../../btf/mod.ts';
import type { InnerFacts, MapFacts, ObjectFacts, ProgramFacts } from '../facts.ts';
import { mapValueTypes } from '../types/maps.ts';
import { Values } from '../types/values.ts';
import { drawMembers, type Line } from './draw.ts';
import { helper } from './helpers.ts';
import { newest, type Since, since } from './kernels.ts';
import { type Section, sectionReport } from './section.ts';

/** All that `yeet inspect` shows, and the JSON that it prints. Sizes and offsets are bytes. */
export interface Report {
  readonly file: string;
  readonly license: string | null;
  /** The first kernel that has all that is known of; null where nothing is. */
  readonly kernel: Since | null;
  readonly programs: readonly Program[];
  readonly maps: readonly MapReport[];
  readonly sections: readonly Section[];
  readonly structs: readonly Struct[];
}

/** Something that a program calls, with the first kernel that has it; null where that is not known. */
interface Call {
  readonly name: string;
  readonly since: string | null;
}

export interface Program {
  readonly name: string;
  readonly section: string;
  /** The kernel's name of its type, and of the attach type that it expects. */
  readonly type: string;
  readonly attachType: string | null;
  /** `SEC("?…")`: loaded only when `attach()` names it. */
  readonly optional: boolean;
  /** What starting the object does with it, in words; where that is not enough, a spec for `attach()` to fill in. */
  readonly attach: { readonly kind: string; readonly text: string; readonly spec: string | null };
  readonly instructions: number;
  readonly helpers: readonly Call[];
  readonly kfuncs: readonly Call[];
  readonly kernel: Since | null;
}

/** A type as C and as TypeScript write it. */
export interface Types {
  readonly c: string;
  readonly ts: string;
}

export interface MapReport {
  readonly name: string;
  readonly kernelName: string;
  readonly type: string;
  readonly keySize: number;
  readonly valueSize: number;
  readonly maxEntries: number;
  readonly flags: readonly string[];
  /** The `kind` to bind it with and the class to open it with. */
  readonly bind: string;
  readonly class: string;
  /** Null where the object does not say. */
  readonly key: Types | null;
  readonly value: Types | null;
  readonly inner: InnerFacts | null;
  readonly since: string | null;
}

export interface Struct {
  /** As `btf_struct` takes it. */
  readonly name: string;
  readonly c: string;
  readonly ts: string;
  readonly size: number;
  readonly members: readonly Line[];
}

/** Throws a BtfError for BTF that cannot be read. */
export function report(facts: ObjectFacts): Report {
  const btf = Btf.parse(facts.btf);
  const values = new Values(btf);
  const structs = btf.listStructs().map((name): Struct => {
    const id = btf.findStruct(name) as number;
    const size = btf.size(btf.resolve(id));
    return { name, c: btf.typeName(id), ts: values.type(id), size, members: drawMembers(btf, id, values) };
  });
  const programs = facts.programs.map(program);
  const maps = facts.maps.filter(({ section }) => section === null).map((map) => mapReport(btf, map, values));
  const sections = facts.maps.flatMap((map) => sectionReport(btf, map, values));
  const { file, license } = facts;
  const needs = maps.map((map) => need(map.since, `the map ${map.name}`));
  const globals = sections.length === 0 ? null : need('5.2', 'global variables');
  const kernel = newest([...programs.map((one) => one.kernel), ...needs, globals]);
  return { file, license, kernel, programs, maps, sections, structs };
}

function program(facts: ProgramFacts): Program {
  const { name, section, type, attachType, kind, attach: text, spec, instructions } = facts;
  const helpers = facts.helpers.map(helper);
  const kfuncs = facts.kfuncs.map((kfunc): Call => ({ name: kfunc, since: since('kfunc', kfunc) }));
  const kernel = newest([
    need(since('program', type), `programs of type ${type}`),
    need(attachType === null ? null : since('attach', attachType), `attach type ${attachType}`),
    ...[...helpers, ...kfuncs].map((call) => need(call.since, call.name)),
  ]);
  const attach = { kind, text, spec };
  return { name, section, type, attachType, optional: !facts.autoload, attach, instructions, helpers, kfuncs, kernel };
}

function need(version: string | null, because: string): Since | null {
  return version === null ? null : { version, because };
}

function mapReport(btf: Btf, map: MapFacts, values: Values): MapReport {
  const { name, kernelName, mapType, keySize, valueSize, maxEntries, inner } = map;
  const kind = kindForMapType(mapType, false);
  const read = mapValueTypes(btf, map, values);
  const types = (id: number, ts: string | undefined): Types | null => {
    if (id === 0) return null;
    return { c: btf.typeName(id), ts: ts ?? values.type(id) };
  };
  return {
    name,
    kernelName,
    type: mapType,
    keySize,
    valueSize,
    maxEntries,
    flags: flagNames(map.flags),
    bind: kind?.name ?? 'raw',
    class: kind?.handle ?? 'RawMap',
    key: types(map.keyTypeId, read.key),
    value: types(map.valueTypeId, read.value),
    inner,
    since: since('map', mapType),
  };
}

/** `BPF_F_…` of maps, by bit. */
const FLAGS =
  'NO_PREALLOC NO_COMMON_LRU NUMA_NODE RDONLY WRONLY STACK_BUILD_ID ZERO_SEED RDONLY_PROG WRONLY_PROG CLONE MMAPABLE PRESERVE_ELEMS INNER_MAP LINK PATH_FD VTYPE_BTF_OBJ_FD TOKEN_FD SEGV_ON_FAULT NO_USER_CONV'.split(
    ' ',
  );

function flagNames(flags: number): string[] {
  return Array.from({ length: 32 }, (_, bit) => bit)
    .filter((bit) => (flags >>> bit) & 1)
    .map((bit) => (FLAGS[bit] === undefined ? `bit ${bit}` : `BPF_F_${FLAGS[bit]}`));
}
