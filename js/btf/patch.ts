import { checkArray } from './arrays.ts';
import { writeBits } from './bits.ts';
import { codecOfShape } from './codec.ts';
import { wrongType } from './convert.ts';
import { checkEmpty, checkObject, checkUnknown, takesOne, unionConflict, unionEmpty } from './objects.ts';
import type { ArrayShape, BitsShape, BytesShape, Field, Shape, StructShape } from './shape.ts';
import { targetOf } from './target.ts';
import { Views } from './views.ts';

/** Bytes of a 128-bit bit field that starts inside a byte. */
const LARGEST_SCALAR = 17;

/** Bytes to write at an offset of a data section. */
export interface Store {
  readonly offset: number;
  readonly bytes: Uint8Array;
  /** For bit fields: the bits of `bytes` that count. `bytes` is then one naturally aligned word of 1, 2, 4 or 8 bytes. */
  readonly mask?: Uint8Array;
}

/**
 * The stores that put the leaves which `value` names into the variable at `offset`: one store per scalar, so that each can be atomic; the
 * named bytes of a byte array as one; bit fields that share their smallest aligned word as one. A string is a leaf and is padded with zeroes.
 * All of `value` is checked before this returns.
 *
 * @param limit size of the section in bytes, which no store passes
 */
export function storesOf(shape: Shape, offset: number, value: unknown, path: string, limit: number): Store[] {
  const patch: Patch = { stores: [], words: new Map(), limit };
  lower(shape, offset, value, path, patch);
  return [...patch.stores, ...patch.words.values()];
}

interface Patch {
  readonly stores: Store[];
  /** Words with bit fields, by offset and size. */
  readonly words: Map<string, Store & { readonly mask: Uint8Array }>;
  readonly limit: number;
}

function lower(shape: Shape, offset: number, value: unknown, path: string, patch: Patch): void {
  switch (shape.kind) {
    case 'struct':
    case 'union':
      lowerStruct(shape, offset, value, path, patch);
      break;
    case 'array':
      lowerArray(shape, offset, value, path, patch);
      break;
    case 'bits':
      lowerBits(shape, offset, value, path, patch);
      break;
    case 'none':
      throw wrongType(value, path, shape);
    case 'bytes':
      patch.stores.push({ offset, bytes: encodeBytes(shape, value, path) });
      break;
    default:
      patch.stores.push({ offset, bytes: encodeScalar(shape, value, path) });
  }
}

/** Scalars run no code of the value while they are encoded, so one buffer serves them all. */
let scratch: Views | undefined;

function encodeScalar(shape: Shape, value: unknown, path: string): Uint8Array {
  scratch ??= new Views(new ArrayBuffer(LARGEST_SCALAR));
  codecOfShape(shape).encode(scratch, 0, value, path);
  return scratch.u8.slice(0, shape.size);
}

/** An array of bytes names as many as it has; a string names all of the field. */
function encodeBytes(shape: BytesShape, value: unknown, path: string): Uint8Array {
  const views = new Views(new ArrayBuffer(shape.size));
  codecOfShape(shape).encode(views, 0, value, path);
  if (typeof value === 'string') return views.u8;
  return views.u8.subarray(0, checkArray(value, path, '', targetOf(shape)));
}

/** Elements that are absent or `undefined` are left as they are. */
function lowerArray(shape: ArrayShape, offset: number, value: unknown, path: string, patch: Patch): void {
  const length = checkArray(value, path, '', targetOf(shape));
  for (let i = 0; i < length; i++) {
    const element = (value as ArrayLike<unknown>)[i];
    if (element !== undefined) lower(shape.element, offset + i * shape.element.size, element, `${path}[${i}]`, patch);
  }
}

function lowerStruct(shape: StructShape, offset: number, value: unknown, path: string, patch: Patch): void {
  checkObject(value, path, shape);
  const fields = new Map<string, Field>(shape.fields.map((field) => [field.name, field]));
  for (const key in value) if (!fields.has(key)) checkUnknown(value, key, path, shape);
  const chosen = shape.unions.map(() => -1);
  let given = 0;
  for (const [name, field] of fields) {
    const member = name in Object.prototype && !Object.hasOwn(value, name) ? undefined : value[name];
    if (member === undefined) continue;
    given++;
    for (const { union, alternative } of field.choices) {
      const other = chosen[union] as number;
      if (other >= 0 && other !== alternative) throw unionConflict(path, shape, union, other, name);
      chosen[union] = alternative;
    }
    lower(field.shape, offset + field.offset, member, `${path}.${name}`, patch);
  }
  if (given === 0) checkEmpty(value, path, shape);
  if (takesOne(shape) && (chosen[0] as number) < 0) throw unionEmpty(path, shape);
}

/** Puts the bits into the smallest aligned words that hold them. Bits that cross an aligned 8-byte word become two stores. */
function lowerBits(shape: BitsShape, offset: number, value: unknown, path: string, patch: Patch): void {
  const bytes = encodeScalar(shape, value, path);
  const mask = new Uint8Array(shape.size);
  writeBits(mask, 0, shape.shift, shape.width, (1n << BigInt(shape.width)) - 1n);
  const end = offset + Math.ceil((shape.shift + shape.width) / 8);
  for (let at = offset; at < end; ) {
    const size = wordSize(at, end, patch.limit);
    const start = at - (at % size);
    const stop = Math.min(end, start + size);
    const word = wordAt(start, size, patch);
    for (; at < stop; at++) {
      const bits = mask[at - offset] as number;
      const into = at - start;
      word.bytes[into] = ((word.bytes[into] as number) & ~bits) | ((bytes[at - offset] as number) & bits);
      word.mask[into] = (word.mask[into] as number) | bits;
    }
  }
}

/** The smallest aligned word that holds the bytes from `start` to `end`, else the largest that starts with some of them. */
function wordSize(start: number, end: number, limit: number): number {
  for (const size of [1, 2, 4, 8]) {
    const first = start - (start % size);
    if (end <= first + size) return first + size <= limit ? size : 1;
  }
  return 8;
}

function wordAt(offset: number, size: number, patch: Patch): Store & { readonly mask: Uint8Array } {
  const key = `${offset}/${size}`;
  let word = patch.words.get(key);
  if (word === undefined) {
    word = { offset, bytes: new Uint8Array(size), mask: new Uint8Array(size) };
    patch.words.set(key, word);
  }
  return word;
}
