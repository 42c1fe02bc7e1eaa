import { isPlainKey } from '../../btf/lpm.ts';
import type { Btf } from '../../btf/mod.ts';
import type { MapFacts } from '../facts.ts';
import { readableShape, type Values } from './values.ts';

/** Map types that scripts read as keys and values; of the others there is no more to say than their type. */
const TYPED: ReadonlySet<string> = new Set([
  'hash',
  'array',
  'lru_hash',
  'lpm_trie',
  'percpu_hash',
  'lru_percpu_hash',
  'percpu_array',
  'bloom_filter',
  'queue',
  'stack',
]);
const KEYLESS: ReadonlySet<string> = new Set(['bloom_filter', 'queue', 'stack']);

/** The types of keys and values of a map, as `MapTypes` of `yeet:bpf` wants them; empty where it has none. */
export interface MapValueTypes {
  readonly key?: string;
  readonly value?: string;
}

/** What reading a map gives. For a data section the value is an object of its variables. */
export function mapValueTypes(btf: Btf, map: MapFacts, values: Values): MapValueTypes {
  if (map.section !== null) return { value: globals(btf, map.section, values) };
  if (!TYPED.has(map.mapType)) return {};
  const value = typeOf(btf, map.valueTypeId, map.valueSize, values);
  return KEYLESS.has(map.mapType) ? { value } : { key: keyType(btf, map, values), value };
}

function keyType(btf: Btf, map: MapFacts, values: Values): string {
  if (map.mapType === 'array' || map.mapType === 'percpu_array') return 'number';
  if (map.mapType === 'lpm_trie' && hasPlainKey(btf, map.keyTypeId)) return '{ prefixlen: number; data: Uint8Array }';
  return typeOf(btf, map.keyTypeId, map.keySize, values);
}

function hasPlainKey(btf: Btf, typeId: number): boolean {
  if (typeId === 0) return true;
  const shape = readableShape(btf, typeId);
  return typeof shape !== 'string' && isPlainKey(shape);
}

function typeOf(btf: Btf, typeId: number, size: number, values: Values): string {
  if (typeId === 0) return 'Uint8Array';
  const shape = readableShape(btf, typeId);
  // Handles refuse a map whose type is not as large as its keys or values.
  return typeof shape === 'string' || shape.size !== size ? 'unknown' : values.of(shape);
}

function globals(btf: Btf, section: string, values: Values): string {
  const vars = btf.section(section)?.vars ?? [];
  if (vars.length === 0) return 'Record<never, never>';
  return values.globals(section, new Map(vars.map(({ name, typeId }) => [name, typeId])));
}
