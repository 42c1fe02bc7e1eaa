import type { RowId } from './table.ts';

/** What every shape has. A shape is a type without names that do not matter: what generated code needs to know of it. */
interface Base {
  /** Its row in the table of values. */
  readonly row: RowId;
  /** The C type as the source declares it, for messages. */
  readonly name: string;
  /** In bytes, without what a flexible array at the end carries. */
  readonly size: number;
  /** How many scalar values a reader gets: bounds the work that a small but hostile type can ask for. */
  readonly leaves: number;
  /** Levels of structs, unions and arrays below and including this one. */
  readonly depth: number;
  /** Ends in a flexible array. */
  readonly flexible: boolean;
}

/** Integers, enums and pointers of 1 to 16 bytes. More than 4 bytes are BigInts. */
export interface IntShape extends Base {
  readonly kind: 'int';
  readonly signed: boolean;
}

export interface BoolShape extends Base {
  readonly kind: 'bool';
}

/** `float` and `double`; floats of other sizes are bytes. */
export interface FloatShape extends Base {
  readonly kind: 'float';
}

/** A bit field, starting `shift` bits (0 to 7) into its first byte. */
export interface BitsShape extends Base {
  readonly kind: 'bits';
  readonly shift: number;
  readonly width: number;
  readonly signed: boolean;
  readonly value: 'number' | 'bigint' | 'boolean';
}

/** `char[N]`, `__u8[N]` and their like: one value, not an array of numbers. `size` is 0 where flexible. */
export interface BytesShape extends Base {
  readonly kind: 'bytes';
  readonly as: 'string' | 'Uint8Array' | 'Int8Array';
}

/** Any other array. `length` is 0 where flexible. */
export interface ArrayShape extends Base {
  readonly kind: 'array';
  readonly element: Shape;
  readonly length: number;
}

export interface StructShape extends Base {
  readonly kind: 'struct' | 'union';
  /** In the order of the source, anonymous structs and unions flattened. Names are unique. */
  readonly fields: readonly Field[];
  /** The unions flattened into this one, itself included if it is a union. */
  readonly unions: readonly UnionGroup[];
}

/** Functions, void, forward declarations: no bytes, no value. */
export interface NoneShape extends Base {
  readonly kind: 'none';
}

export type Shape = IntShape | BoolShape | FloatShape | BitsShape | BytesShape | ArrayShape | StructShape | NoneShape;

export interface Field {
  readonly name: string;
  /** From the start of the struct, in bytes. */
  readonly offset: number;
  readonly shape: Shape;
  /** For each union that the field is part of, outermost first, which alternative it belongs to. */
  readonly choices: readonly Choice[];
  /** Nothing of the struct lies behind it: a flexible array here carries what the record has left. */
  readonly last: boolean;
}

export interface Choice {
  /** Index into the struct's `unions`. */
  readonly union: number;
  readonly alternative: number;
}

export interface UnionGroup {
  /** A named union takes exactly one member, an anonymous one at most one (its absence means zero, as for any member). */
  readonly required: boolean;
}

/** Largest power of two, at most 8, that divides `offset`: what an address that far from an 8-aligned one is aligned to. */
export function alignmentOf(offset: number): number {
  if ((offset & 7) === 0) return 8;
  if ((offset & 3) === 0) return 4;
  return (offset & 1) === 0 ? 2 : 1;
}
