import { type ArrayTarget, checkArray, writeBytes } from './arrays.ts';
import { writeBits } from './bits.ts';
import { toBool, toFloat, toInt, toLong, toWide, wrongType } from './convert.ts';
import {
  addressOf,
  alignAt,
  indexOf,
  isWordSize,
  type Place,
  placeAt,
  quote,
  readWord,
  Scope,
  wordOf,
  writeWord,
} from './emit.ts';
import { checkEmpty, checkUnknown, isInherited, takesOne, unionConflict, unionEmpty } from './objects.ts';
import {
  type ArrayShape,
  alignmentOf,
  type BitsShape,
  type BytesShape,
  type Field,
  type IntShape,
  type Shape,
  type StructShape,
} from './shape.ts';
import { targetOf } from './target.ts';
import type { Views } from './views.ts';

/**
 * Generated encoders. The common case of every scalar is checked and stored in place; the rest goes through the checked conversions.
 * A value is read once per member, so that getters and proxies cannot show two faces.
 */

/** Writes `value` at `offset`. `path` names the value in messages. Throws a ValueError; what lies in the buffer is then undefined. */
export type Encode = (v: Views, offset: number, value: unknown, path: string) => void;

/** Structs of at most so many values are encoded inside their owner. */
const INLINE_LEAVES = 32;
/** Types of at most so many bytes are zeroed word by word. */
const UNROLLED_ZEROES = 64;

const helpers = {
  checkArray,
  checkEmpty,
  checkUnknown,
  toBool,
  toFloat,
  toInt,
  toLong,
  toWide,
  unionConflict,
  unionEmpty,
  writeBits,
  writeBytes,
  wrongType,
};
const helperNames = `const { ${Object.keys(helpers).join(', ')} } = h;\n`;

/** An encoder for values at offsets that are multiples of `align`; other offsets go to `other`. */
export function compileEncoder(shape: Shape, align: number, other: Encode): Encode {
  const unit = new Unit();
  const scope = new Scope();
  const place: Place = { base: 'o', offset: 0, align };
  const zeroes = zero(shape.size, scope, place);
  const body = unit.root(shape, scope, place);
  const source = `'use strict';\n${helperNames}${unit.source()}return function encode(v, o, x, p) {
if ((o & ${align - 1}) !== 0) return other(v, o, x, p);
${scope.prologue()}${zeroes}${body}};`;
  return new Function('h', 'c', 'other', source)(helpers, unit.constants, other) as Encode;
}

/** Padding is always zero, and so are members that are not given. */
function zero(size: number, scope: Scope, place: Place): string {
  if (size % 4 !== 0 || size > UNROLLED_ZEROES || place.align < 4) {
    return `${scope.view('u8')}.fill(0, o, o + ${size});\n`;
  }
  return Array.from({ length: size / 4 }, (_, i) => writeWord(scope, placeAt(place, i * 4), 4, '0')).join('');
}

/** The path of a value in generated source: two expressions that are joined only where a message needs them. */
interface Path {
  readonly prefix: string;
  readonly suffix: string;
}

function joined({ prefix, suffix }: Path): string {
  return suffix === '""' ? prefix : `${prefix} + ${suffix}`;
}

function member(path: Path, name: string): Path {
  return { prefix: path.prefix, suffix: append(path.suffix, quote(`.${name}`)) };
}

function element(path: Path, index: string): Path {
  return { prefix: path.prefix, suffix: append(append(path.suffix, `"[" + ${index}`), '"]"') };
}

function append(suffix: string, more: string): string {
  return suffix === '""' ? more : `${suffix} + ${more}`;
}

/** The functions and constants of one generated module. */
class Unit {
  /** What the source knows as `c0`, `c1`, …: targets, shapes and sets of names. */
  readonly constants: unknown[] = [];
  readonly #functions: string[] = [];
  readonly #names = new Map<Shape, Map<string, string>>();
  readonly #interned = new Map<unknown, string>();
  readonly #targets = new Map<Shape, Map<number, ArrayTarget>>();
  #count = 0;

  /** Declarations of everything that the bodies refer to. To be asked for after all of them are complete. */
  source(): string {
    return this.constants.map((_, i) => `const c${i} = c[${i}];\n`).join('') + this.#functions.join('');
  }

  root(shape: Shape, scope: Scope, place: Place): string {
    const path: Path = { prefix: 'p', suffix: '""' };
    const isStruct = shape.kind === 'struct' || shape.kind === 'union';
    if (isStruct) return this.#members(shape, scope, place, 'x', path, shape.size);
    return this.#value(shape, scope, place, 'x', path, 0);
  }

  /** Statements that store the variable `x` at `place`. `room` is how many bytes of the whole value lie from there on, 0 if others do. */
  #value(shape: Shape, scope: Scope, place: Place, x: string, path: Path, room: number): string {
    const at = addressOf(place);
    switch (shape.kind) {
      case 'int':
        return this.#int(shape, scope, place, x, path);
      case 'bool':
        return this.#bool(shape.size, scope, place, `toBool(${x}, ${joined(path)}, ${this.#target(shape)})`);
      case 'float':
        return this.#float(shape, scope, place, x, path);
      case 'bits':
        return this.#bitField(shape, scope, place, x, path);
      case 'bytes':
        return this.#bytes(shape, scope, at, x, path, room);
      case 'array':
        return this.#array(shape, scope, place, x, path, room);
      case 'struct':
      case 'union':
        scope.budget -= shape.fields.length;
        if (shape.leaves > INLINE_LEAVES || scope.budget < 0) return this.#call(shape, place, x, path, room);
        return this.#members(shape, scope, place, x, path, room);
      case 'none':
        return `if (${x} !== undefined) throw wrongType(${x}, ${joined(path)}, ${this.#target(shape)});\n`;
    }
  }

  #int(shape: IntShape, scope: Scope, place: Place, x: string, path: Path): string {
    const { size, signed } = shape;
    const rest = (convert: string): string => `${convert}(${x}, ${joined(path)}, ${this.#target(shape)})`;
    if (size === 16) {
      const wide = scope.temporary('w');
      const low = writeWord(scope, place, 8, `BigInt.asUintN(64, ${wide})`);
      const high = writeWord(scope, placeAt(place, 8), 8, `${wide} >> 64n`);
      return `const ${wide} = ${rest('toWide')};\n${low}${high}`;
    }
    if (!isWordSize(size)) {
      const convert = size <= 4 ? 'toInt' : size <= 8 ? 'toLong' : 'toWide';
      return this.#bits(scope, addressOf(place), 0, size * 8, rest(convert));
    }
    if (size === 8) {
      const fits = `typeof ${x} === "bigint" && BigInt.${signed ? 'asIntN' : 'asUintN'}(64, ${x}) === ${x}`;
      return writeWord(scope, place, 8, `${fits} ? ${x} : ${rest('toLong')}`);
    }
    const same = signed
      ? `${x} << ${32 - size * 8} >> ${32 - size * 8}`
      : size === 4
        ? `${x} >>> 0`
        : `${x} & ${2 ** (size * 8) - 1}`;
    return writeWord(scope, place, size, `typeof ${x} === "number" && (${same}) === ${x} ? ${x} : ${rest('toInt')}`);
  }

  #bitField(shape: BitsShape, scope: Scope, place: Place, x: string, path: Path): string {
    const { shift, width, signed } = shape;
    const convert = { number: 'toInt', bigint: width > 64 ? 'toWide' : 'toLong', boolean: 'toBool' }[shape.value];
    const checked = `${convert}(${x}, ${joined(path)}, ${this.#target(shape)})`;
    const word = shape.value === 'number' ? wordOf(place, shift, width) : undefined;
    if (word === undefined || width === 32) return this.#bits(scope, addressOf(place), shift, width, checked);
    const mask = 2 ** width - 1;
    const same = signed ? `${x} << ${32 - width} >> ${32 - width}` : `${x} & ${mask}`;
    const value = `(typeof ${x} === "number" && (${same}) === ${x} ? ${x} : ${checked})`;
    const rest = `${readWord(scope, word.place, word.size, false)} & ${~(mask << word.first)}`;
    return writeWord(scope, word.place, word.size, `${rest} | (${value} & ${mask}) << ${word.first}`);
  }

  #bool(size: number, scope: Scope, place: Place, value: string): string {
    if (isWordSize(size) && size < 8) return writeWord(scope, place, size, value);
    return this.#bits(scope, addressOf(place), 0, size * 8, value);
  }

  #float(shape: Shape, scope: Scope, place: Place, x: string, path: Path): string {
    const value = `toFloat(${x}, ${joined(path)}, ${this.#target(shape)})`;
    if (alignAt(place) < shape.size)
      return `${scope.view('dv')}.setFloat${shape.size * 8}(${addressOf(place)}, ${value}, true);\n`;
    return `${scope.view(shape.size === 4 ? 'f32' : 'f64')}[${indexOf(place, shape.size)}] = ${value};\n`;
  }

  #bits(scope: Scope, at: string, shift: number, width: number, value: string): string {
    return `writeBits(${scope.view('u8')}, ${at}, ${shift}, ${width}, ${value});\n`;
  }

  #bytes(shape: BytesShape, scope: Scope, at: string, x: string, path: Path, room: number): string {
    return `writeBytes(${scope.view('u8')}, ${at}, ${x}, ${path.prefix}, ${path.suffix}, ${this.#target(shape, room)});\n`;
  }

  #array(shape: ArrayShape, scope: Scope, place: Place, x: string, path: Path, room: number): string {
    const [n, i, at, y] = ['n', 'i', 'q', 'y'].map((prefix) => scope.temporary(prefix)) as [
      string,
      string,
      string,
      string,
    ];
    const align = Math.min(alignAt(place), alignmentOf(shape.element.size));
    const inner: Place = { base: at, offset: 0, align };
    const store = this.#value(shape.element, scope, inner, y, element(path, i), 0);
    return `const ${n} = checkArray(${x}, ${path.prefix}, ${path.suffix}, ${this.#target(shape, room)});
for (let ${i} = 0, ${at} = ${addressOf(place)}; ${i} < ${n}; ${i}++, ${at} += ${shape.element.size}) {
const ${y} = ${x}[${i}];\n${store}}\n`;
  }

  #members(shape: StructShape, scope: Scope, place: Place, x: string, path: Path, room: number): string {
    const self = this.#constant(shape);
    const names = this.#constant(new Set(shape.fields.map((field) => field.name)));
    const [key, count, union] = ['k', 'm', 'u'].map((prefix) => scope.temporary(prefix)) as [string, string, string];
    const groups = shape.unions.map((_, i) => `let ${union}_${i} = -1;\n`).join('');
    const stores = shape.fields
      .map((field) => this.#member(field, shape, scope, place, x, path, count, union, room))
      .join('');
    const required = takesOne(shape) ? `if (${union}_0 < 0) throw unionEmpty(${joined(path)}, ${self});\n` : '';
    return `if (typeof ${x} !== "object" || ${x} === null || Array.isArray(${x}) || ArrayBuffer.isView(${x})) throw wrongType(${x}, ${joined(path)}, ${self});
for (const ${key} in ${x}) if (!${names}.has(${key})) checkUnknown(${x}, ${key}, ${joined(path)}, ${self});
let ${count} = 0;\n${groups}${stores}if (${count} === 0) checkEmpty(${x}, ${joined(path)}, ${self});\n${required}`;
  }

  #member(
    field: Field,
    shape: StructShape,
    scope: Scope,
    place: Place,
    x: string,
    path: Path,
    count: string,
    union: string,
    room: number,
  ): string {
    const y = scope.temporary('y');
    const name = quote(field.name);
    const read = isInherited(field.name) ? `Object.hasOwn(${x}, ${name}) ? ${x}[${name}] : undefined` : `${x}[${name}]`;
    const choices = field.choices.map(({ union: index, alternative }) => {
      const chosen = `${union}_${index}`;
      const conflict = `unionConflict(${joined(path)}, ${this.#constant(shape)}, ${index}, ${chosen}, ${name})`;
      return `if (${chosen} >= 0 && ${chosen} !== ${alternative}) throw ${conflict};\n${chosen} = ${alternative};\n`;
    });
    const left = field.last ? Math.max(0, room - field.offset) : 0;
    const store = this.#value(field.shape, scope, placeAt(place, field.offset), y, member(path, field.name), left);
    return `const ${y} = ${read};\nif (${y} !== undefined) {\n${count}++;\n${choices.join('')}${store}}\n`;
  }

  /** A call of the function for `shape`, which is made on first need. */
  #call(shape: StructShape, place: Place, x: string, path: Path, room: number): string {
    const align = alignAt(place);
    const seen = shape.flexible ? room : 0;
    const variant = `${align} ${seen}`;
    let variants = this.#names.get(shape);
    if (variants === undefined) {
      variants = new Map();
      this.#names.set(shape, variants);
    }
    let name = variants.get(variant);
    if (name === undefined) {
      name = `f${this.#count++}`;
      variants.set(variant, name);
      const inner = new Scope();
      const body = this.#members(
        shape,
        inner,
        { base: 'o', offset: 0, align },
        'x',
        { prefix: 'p', suffix: '""' },
        seen,
      );
      this.#functions.push(`function ${name}(v, o, x, p) {\n${inner.prologue()}${body}}\n`);
    }
    return `${name}(v, ${addressOf(place)}, ${x}, ${joined(path)});\n`;
  }

  #target(shape: Shape, room = 0): string {
    const seen = shape.flexible ? room : 0;
    let targets = this.#targets.get(shape);
    if (targets === undefined) {
      targets = new Map();
      this.#targets.set(shape, targets);
    }
    let target = targets.get(seen);
    if (target === undefined) {
      target = targetOf(shape, seen);
      targets.set(seen, target);
    }
    return this.#constant(target);
  }

  /** The variable that holds a constant; one value is kept once. */
  #constant(value: unknown): string {
    let name = this.#interned.get(value);
    if (name === undefined) {
      name = `c${this.constants.length}`;
      this.constants.push(value);
      this.#interned.set(value, name);
    }
    return name;
  }
}
