import { show, type Target, toInt, wrongType } from './convert.ts';
import { ValueError } from './errors.ts';
import { encodeUtf8, utf8Length } from './utf8.ts';

/** Checked writing of arrays, byte arrays and strings. */

/** What generated code writes an array of: `length` elements of `target`. */
export interface ArrayTarget extends Target {
  readonly length: number;
}

const typedArray = Object.getPrototypeOf(Uint8Array.prototype) as object;
// The intrinsic getter: a subclass may lie about its own `length`.
const typedLength = Object.getOwnPropertyDescriptor(typedArray, 'length')?.get as (this: unknown) => number;

type NumberLike = ArrayLike<number | bigint>;

function isTypedArray(value: unknown): value is NumberLike & ArrayBufferView {
  return ArrayBuffer.isView(value) && !(value instanceof DataView);
}

/**
 * How many elements an array, typed array or byte array given for `target` has. At most as many as fit: fewer leave the rest zero.
 */
export function checkArray(value: unknown, prefix: string, suffix: string, target: ArrayTarget): number {
  let length: number;
  if (Array.isArray(value)) {
    length = value.length;
  } else if (isTypedArray(value)) {
    length = typedLength.call(value);
    if (length === 0) checkAttached(value, prefix + suffix);
  } else {
    throw wrongType(value, prefix + suffix, target);
  }
  if (length > target.length) throw tooLong(`${length} elements do`, prefix + suffix, target);
  return length;
}

function tooLong(what: string, path: string, target: ArrayTarget): ValueError {
  if (target.row === 'flexible') {
    return new ValueError(
      `${path}: ${what} not fit ${target.name}; a flexible array holds what fits before the end of its type, here ${target.length}`,
    );
  }
  return new ValueError(`${path}: ${what} not fit ${target.name}`);
}

/** A detached typed array says it is empty; writing it as zeroes would lose data silently. */
function checkAttached(value: ArrayBufferView, path: string): void {
  try {
    new Uint8Array(value.buffer, 0, 0);
  } catch {
    throw new ValueError(`${path}: the buffer of this typed array is detached; its bytes were transferred elsewhere`);
  }
}

/** Writes `char[N]`, `__u8[N]` and their like. The bytes are zero before, so a shorter value needs no padding. */
export function writeBytes(
  u8: Uint8Array,
  offset: number,
  value: unknown,
  prefix: string,
  suffix: string,
  target: ArrayTarget,
): void {
  if (typeof value === 'string') {
    if (target.row === 'floatBytes') throw wrongType(value, prefix + suffix, target);
    writeString(u8, offset, value, prefix + suffix, target);
    return;
  }
  const length = checkArray(value, prefix, suffix, target);
  if (!target.signed && ArrayBuffer.isView(value) && value instanceof Uint8Array) {
    u8.set(value, offset);
    return;
  }
  const elements = value as NumberLike;
  for (let i = 0; i < length; i++) {
    const byte = elements[i];
    u8[offset + i] =
      typeof byte === 'number' && (byte & 0x7f) === byte ? byte : toByte(byte, i, prefix + suffix, target);
  }
}

/** `char` takes both ways of numbering the upper half; the others only their own. */
function toByte(value: unknown, index: number, path: string, target: ArrayTarget): number {
  const isChar = target.row === 'chars';
  const isNegative = (typeof value === 'number' || typeof value === 'bigint') && value < 0;
  const signed = isChar ? isNegative : target.signed;
  const name = isChar ? 'char' : signed ? 'signed char' : 'unsigned char';
  return toInt(value, `${path}[${index}]`, { row: 'int', name, bits: 8, signed });
}

function writeString(u8: Uint8Array, offset: number, text: string, path: string, target: ArrayTarget): void {
  if (text.length <= target.length) {
    let i = 0;
    for (; i < text.length; i++) {
      const unit = text.charCodeAt(i);
      if (unit >= 0x80) break;
      u8[offset + i] = unit;
    }
    if (i === text.length) return;
  }
  const bytes = utf8Length(text);
  if (bytes > target.length) throw tooLong(`${show(text)} (${bytes} bytes of UTF-8) does`, path, target);
  encodeUtf8(text, u8, offset);
}
