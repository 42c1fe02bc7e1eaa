import { alignmentOf } from './shape.ts';
import type { ViewName } from './views.ts';

/** Parts of generated source that decoders and encoders share. No name of the BTF reaches source except through {@link quote}. */

/** An address in generated source: the value of the variable `base` plus `offset` bytes. */
export interface Place {
  readonly base: string;
  readonly offset: number;
  /** What `base` is known to be a multiple of: 1, 2, 4 or 8. */
  readonly align: number;
}

export function placeAt(place: Place, offset: number): Place {
  return offset === 0 ? place : { ...place, offset: place.offset + offset };
}

/** The alignment of the place itself. */
export function alignAt(place: Place): number {
  return Math.min(place.align, alignmentOf(place.offset));
}

/** The address as an expression, in parentheses where it needs them. */
export function addressOf(place: Place): string {
  return place.offset === 0 ? place.base : `(${place.base} + ${place.offset})`;
}

/** One function of a generated module. Notes which views it reads, so that it fetches only those. */
export class Scope {
  readonly #views = new Set<ViewName>();
  #temporaries = 0;
  /** Values that may still be decoded inline before nested structs get functions of their own. */
  budget = 256;

  /** The local variable that holds a view. */
  view(name: ViewName): string {
    this.#views.add(name);
    return name;
  }

  /** A variable name not used in this function before. */
  temporary(prefix: string): string {
    return `${prefix}${this.#temporaries++}`;
  }

  /** Declares the views in use. To be asked for after the body is complete. */
  prologue(): string {
    return [...this.#views].map((name) => `const ${name} = v.${name};\n`).join('');
  }
}

/** The views of integers by size in bytes. */
const INT_VIEWS = {
  1: ['u8', 'i8'],
  2: ['u16', 'i16'],
  4: ['u32', 'i32'],
  8: ['u64', 'i64'],
} as const satisfies Record<number, readonly [ViewName, ViewName]>;
const INT_METHODS = {
  1: ['Uint8', 'Int8'],
  2: ['Uint16', 'Int16'],
  4: ['Uint32', 'Int32'],
  8: ['BigUint64', 'BigInt64'],
} as const;

export type WordSize = keyof typeof INT_VIEWS;

export function isWordSize(size: number): size is WordSize {
  return size === 1 || size === 2 || size === 4 || size === 8;
}

/** Reads an integer of 1, 2, 4 or 8 bytes. */
export function readWord(scope: Scope, place: Place, size: WordSize, signed: boolean): string {
  if (alignAt(place) >= size) return `${scope.view(INT_VIEWS[size][signed ? 1 : 0])}[${indexOf(place, size)}]`;
  return `${scope.view('dv')}.get${INT_METHODS[size][signed ? 1 : 0]}(${addressOf(place)}, true)`;
}

/** Writes an integer of 1, 2, 4 or 8 bytes; `value` is in range. */
export function writeWord(scope: Scope, place: Place, size: WordSize, value: string): string {
  if (alignAt(place) >= size) return `${scope.view(INT_VIEWS[size][0])}[${indexOf(place, size)}] = ${value};\n`;
  return `${scope.view('dv')}.set${INT_METHODS[size][0]}(${addressOf(place)}, ${value}, true);\n`;
}

/** The smallest aligned word of at most 32 bits around a bit field, if there is one. */
export interface BitWord {
  readonly place: Place;
  readonly size: 1 | 2 | 4;
  /** The field's first bit in the word. */
  readonly first: number;
}

export function wordOf(place: Place, shift: number, width: number): BitWord | undefined {
  for (const size of [1, 2, 4] as const) {
    const into = place.offset % size;
    const first = into * 8 + shift;
    const start = placeAt(place, -into);
    if (first + width <= size * 8 && alignAt(start) >= size) return { place: start, size, first };
  }
  return undefined;
}

/** The index into a view of elements of `size` bytes. Unsigned shift: offsets may pass 2 GiB. */
export function indexOf(place: Place, size: number): string {
  const shift = Math.log2(size);
  if (shift === 0) return place.offset === 0 ? place.base : `${place.base} + ${place.offset}`;
  return place.offset === 0 ? `${place.base} >>> ${shift}` : `${place.base} + ${place.offset} >>> ${shift}`;
}

/** A string literal. JSON is a subset of JavaScript, so no name can end the literal. */
export function quote(text: string): string {
  return JSON.stringify(text);
}

/** A key of an object literal: `__proto__` would set the prototype unless computed. */
export function keyOf(name: string): string {
  return name === '__proto__' ? '["__proto__"]' : quote(name);
}
