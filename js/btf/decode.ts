import { readBigBits, readBits } from './bits.ts';
import { readBytes, readSignedBytes } from './bytes.ts';
import {
  addressOf,
  alignAt,
  indexOf,
  isWordSize,
  keyOf,
  type Place,
  placeAt,
  readWord,
  Scope,
  wordOf,
} from './emit.ts';
import {
  type ArrayShape,
  alignmentOf,
  type BitsShape,
  type BytesShape,
  type IntShape,
  type Shape,
  type StructShape,
} from './shape.ts';
import { readString } from './strings.ts';
import type { Views } from './views.ts';

/**
 * Generated decoders. Each type becomes straight-line source: one object literal per struct, so that V8 gives all its values one hidden
 * class, and one typed-array read per aligned scalar.
 */

/** Decodes the value at `offset`; `end` is the first byte behind the record, which only flexible arrays look at. */
export type Decode = (v: Views, offset: number, end: number) => unknown;

/** Walks the frames of a chunk. */
export type EachRecord = (v: Views, offset: number, end: number, sink: (event: unknown) => void) => void;

/** Walks the frames of a chunk and gives all of them. */
export type AllRecords = (v: Views, offset: number, end: number) => unknown[];

/** Structs of at most so many values are decoded inside their owner. */
const INLINE_LEAVES = 32;
/** Arrays of at most so many elements are spelt out. */
const UNROLLED = 8;

const helpers = { readBits, readBigBits, readBytes, readSignedBytes, readString };
const helperNames = `const { ${Object.keys(helpers).join(', ')} } = h;\n`;

/**
 * A decoder for values at offsets that are multiples of `align` and records of at least the type's size. Everything else goes to `other`.
 */
export function compileDecoder(shape: Shape, align: number, other: Decode): Decode {
  const unit = new Unit();
  const scope = new Scope();
  const value = unit.root(shape, scope, { base: 'o', offset: 0, align });
  const source = `'use strict';\n${helperNames}${unit.source()}return function decode(v, o, e) {
if (e - o < ${shape.size} || (o & ${align - 1}) !== 0) return other(v, o, e);
${scope.prologue()}return ${value};\n};`;
  return new Function('h', 'other', source)(helpers, other) as Decode;
}

/**
 * A loop over frames `{ u32 length, u32 zero, data padded to 8 bytes }` that calls `sink` with `{ [key]: value }` for each. Records
 * shorter than the type go to `short`.
 */
export function compileEachRecord(shape: Shape, key: string, short: Decode): EachRecord {
  return compileLoop(shape, key, short, ['(v, o, end, sink)', '', 'sink', '']) as EachRecord;
}

/** The same as an array. A loop of its own: a call for each record took a third of the time. */
export function compileAllRecords(shape: Shape, key: string, short: Decode): AllRecords {
  const parts = ['(v, o, end)', 'const all = [];\n', 'all.push', 'return all;\n'] as const;
  return compileLoop(shape, key, short, parts) as AllRecords;
}

/** A function with these parameters, beginning, use of each event, and end. */
function compileLoop(
  shape: Shape,
  key: string,
  short: Decode,
  [parameters, begin, use, finish]: readonly [string, string, string, string],
): unknown {
  const unit = new Unit();
  const scope = new Scope();
  const lengths = scope.view('u32');
  const value = unit.root(shape, scope, { base: 'p', offset: 0, align: 8 });
  const source = `'use strict';\n${helperNames}${unit.source()}return function records${parameters} {
${scope.prologue()}${begin}while (o < end) {
const n = ${lengths}[o >>> 2], p = o + 8, e = p + n;
if (!(e <= end)) throw new RangeError('record of ' + n + ' bytes at ' + o + ' runs past the chunk at ' + end);
${use}({ ${keyOf(key)}: n < ${shape.size} ? short(v, p, e) : ${value} });
o = e + 7 & -8;\n}\n${finish}};`;
  return new Function('h', 'short', source)(helpers, short);
}

/** The functions of one generated module: one per type and alignment that is not decoded inline. */
class Unit {
  readonly #functions: string[] = [];
  readonly #names = new Map<Shape, Map<number, string>>();
  #count = 0;

  source(): string {
    return this.#functions.join('');
  }

  /** An expression for the whole value of a record that ends at the variable `e`. */
  root(shape: Shape, scope: Scope, place: Place): string {
    const isStruct = shape.kind === 'struct' || shape.kind === 'union';
    return isStruct ? this.#literal(shape, scope, place, 'e') : this.value(shape, scope, place, 'e');
  }

  /** An expression for the value. `end` is the variable with the end of the record where the value is the last of it, else undefined. */
  value(shape: Shape, scope: Scope, place: Place, end: string | undefined): string {
    switch (shape.kind) {
      case 'int':
        return int(shape, scope, place);
      case 'bool':
        return bool(shape.size, scope, place);
      case 'float':
        return float(shape.size, scope, place);
      case 'bits':
        return bits(shape, scope, place);
      case 'bytes':
        return bytes(shape, place, end);
      case 'array':
        return this.#array(shape, scope, place, end);
      case 'struct':
      case 'union':
        return this.#struct(shape, scope, place, end);
      case 'none':
        return 'undefined';
    }
  }

  #struct(shape: StructShape, scope: Scope, place: Place, end: string | undefined): string {
    scope.budget -= shape.fields.length;
    if (shape.leaves > INLINE_LEAVES || scope.budget < 0) return this.#call(shape, place, end);
    return this.#literal(shape, scope, place, end);
  }

  #literal(shape: StructShape, scope: Scope, place: Place, end: string | undefined): string {
    const members = shape.fields.map((field) => {
      const value = this.value(field.shape, scope, placeAt(place, field.offset), field.last ? end : undefined);
      return `${keyOf(field.name)}: ${value}`;
    });
    return `{ ${members.join(', ')} }`;
  }

  #array(shape: ArrayShape, scope: Scope, place: Place, end: string | undefined): string {
    if (shape.flexible) return end === undefined || shape.element.size === 0 ? '[]' : this.#call(shape, place, end);
    scope.budget -= shape.length;
    if (shape.length > UNROLLED || shape.element.leaves > 1 || scope.budget < 0)
      return this.#call(shape, place, undefined);
    const elements = Array.from({ length: shape.length }, (_, i) =>
      this.value(shape.element, scope, placeAt(place, i * shape.element.size), undefined),
    );
    return `[${elements.join(', ')}]`;
  }

  /** A call of the function for `shape`, which is made on first need. */
  #call(shape: StructShape | ArrayShape, place: Place, end: string | undefined): string {
    const align = alignAt(place);
    // A value that may see the end of the record differs from one in the middle of it.
    const variant = align + (end === undefined ? 0 : 16);
    let variants = this.#names.get(shape);
    if (variants === undefined) {
      variants = new Map();
      this.#names.set(shape, variants);
    }
    let name = variants.get(variant);
    if (name === undefined) {
      name = `f${this.#count++}`;
      variants.set(variant, name);
      this.#functions.push(this.#define(name, shape, align, end !== undefined));
    }
    return `${name}(v, ${addressOf(place)}${end === undefined ? '' : `, ${end}`})`;
  }

  #define(name: string, shape: StructShape | ArrayShape, align: number, seesEnd: boolean): string {
    const scope = new Scope();
    let body: string;
    if (shape.kind === 'array') {
      const { size } = shape.element;
      const stride = Math.min(align, alignmentOf(size));
      const element = this.value(shape.element, scope, { base: 'p', offset: 0, align: stride }, undefined);
      const length = shape.flexible ? `Math.floor((e - o) / ${size})` : shape.length;
      body = `const n = ${length}, r = [];\nfor (let i = 0, p = o; i < n; i++, p += ${size}) r.push(${element});\nreturn r;\n`;
    } else {
      body = `return ${this.#literal(shape, scope, { base: 'o', offset: 0, align }, seesEnd ? 'e' : undefined)};\n`;
    }
    return `function ${name}(v, o${seesEnd ? ', e' : ''}) {\n${scope.prologue()}${body}}\n`;
  }
}

function int(shape: IntShape, scope: Scope, place: Place): string {
  const { size, signed } = shape;
  if (isWordSize(size)) return readWord(scope, place, size, signed);
  if (size === 16) {
    const low = readWord(scope, place, 8, false);
    return `(${low} | ${readWord(scope, placeAt(place, 8), 8, signed)} << 64n)`;
  }
  const read = size <= 4 ? 'readBits' : 'readBigBits';
  return `${read}(${scope.view('u8')}, ${addressOf(place)}, 0, ${size * 8}, ${signed})`;
}

function bool(size: number, scope: Scope, place: Place): string {
  if (isWordSize(size)) return `${readWord(scope, place, size, false)} !== ${size === 8 ? '0n' : '0'}`;
  return `readBigBits(${scope.view('u8')}, ${addressOf(place)}, 0, ${size * 8}, false) !== 0n`;
}

function float(size: number, scope: Scope, place: Place): string {
  if (alignAt(place) >= size) return `${scope.view(size === 4 ? 'f32' : 'f64')}[${indexOf(place, size)}]`;
  return `${scope.view('dv')}.getFloat${size * 8}(${addressOf(place)}, true)`;
}

function bits(shape: BitsShape, scope: Scope, place: Place): string {
  if (shape.value === 'bigint') {
    return `readBigBits(${scope.view('u8')}, ${addressOf(place)}, ${shape.shift}, ${shape.width}, ${shape.signed})`;
  }
  const value = numberBits(shape, scope, place);
  return shape.value === 'boolean' ? `${value} !== 0` : value;
}

/** A bit field inside one aligned word is that word, shifted. */
function numberBits(shape: BitsShape, scope: Scope, place: Place): string {
  const { shift, width, signed } = shape;
  const word = wordOf(place, shift, width);
  if (word === undefined) return `readBits(${scope.view('u8')}, ${addressOf(place)}, ${shift}, ${width}, ${signed})`;
  const { first } = word;
  const value = readWord(scope, word.place, word.size, false);
  if (signed) return `(${value} << ${32 - first - width} >> ${32 - width})`;
  return `(${value} >>> ${first}${first + width === 32 ? '' : ` & ${2 ** width - 1}`})`;
}

function bytes(shape: BytesShape, place: Place, end: string | undefined): string {
  const read = { string: 'readString', Uint8Array: 'readBytes', Int8Array: 'readSignedBytes' }[shape.as];
  const at = addressOf(place);
  const length = !shape.flexible ? shape.size : end === undefined ? 0 : `${end} - ${at}`;
  return `${read}(v, ${at}, ${length})`;
}
