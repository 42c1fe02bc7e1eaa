import { decodeUtf8 } from './utf8.ts';
import type { Views } from './views.ts';

/**
 * Reading `char[N]`. Names of processes and files repeat, so short ASCII strings are interned by content: finding one costs less than
 * half of making one, and kept events share it.
 */

/** Longest string that is interned, in 32-bit words. */
const MAX_WORDS = 16;
const SLOT_BITS = 9;
const HIGH_BITS = 0x8080_8080;
const LOW_BITS = 0x0101_0101;

interface Cache {
  /** Per slot the words of its string, the last one padded with zeroes. As no word of a string holds a NUL, they tell its length too. */
  readonly words: Uint32Array;
  readonly strings: string[];
}

let cache: Cache | undefined;

/** Made on first use, so that a start-up snapshot does not carry it. */
function makeCache(): Cache {
  // Slots start as the empty string, which is what their zeroed words say.
  return { words: new Uint32Array(MAX_WORDS << SLOT_BITS), strings: new Array<string>(1 << SLOT_BITS).fill('') };
}

/** The string in `length` bytes at `offset`, up to the first NUL. A negative length counts as 0. */
export function readString(v: Views, offset: number, length: number): string {
  if ((offset & 3) !== 0) return readBytewise(v.u8, offset, offset + length);
  const { u32 } = v;
  const first = offset >>> 2;
  const whole = length >> 2;
  const limit = Math.min(whole, MAX_WORDS);
  let hash = 0;
  let tail = 0;
  let words = 0;
  let bytes = -1;
  for (; words < limit; words++) {
    const word = u32[first + words] as number;
    const zeroes = (word - LOW_BITS) & ~word & HIGH_BITS;
    if (zeroes !== 0) {
      // The lowest marked byte is the first NUL; what lies behind it is not part of the string.
      const index = (31 - Math.clz32(zeroes & -zeroes)) >>> 3;
      bytes = words * 4 + index;
      tail = word & ((1 << (index * 8)) - 1);
      break;
    }
    if ((word & HIGH_BITS) !== 0) return readUtf8(v.u8, offset, length);
    hash = Math.imul(hash ^ word, 0x9e37_79b1);
    hash ^= hash >>> 15;
  }
  if (bytes < 0) {
    if (words === MAX_WORDS && length > MAX_WORDS * 4) return readLong(v, offset, length);
    for (bytes = words * 4; bytes < length; bytes++) {
      const byte = v.u8[offset + bytes] as number;
      if (byte === 0) break;
      tail |= byte << ((bytes & 3) * 8);
    }
  }
  if ((tail & HIGH_BITS) !== 0) return readUtf8(v.u8, offset, length);
  hash = Math.imul(hash ^ tail ^ bytes, 0x9e37_79b1);
  return intern(u32, first, words, tail, bytes, hash, v.u8, offset);
}

function intern(
  u32: Uint32Array,
  first: number,
  words: number,
  tail: number,
  bytes: number,
  hash: number,
  u8: Uint8Array,
  offset: number,
): string {
  cache ??= makeCache();
  const slot = hash >>> (32 - SLOT_BITS);
  const known = cache.words;
  const at = slot * MAX_WORDS;
  // A string of all 16 words has no tail, and no word left to keep one in.
  let same = words === MAX_WORDS || known[at + words] === tail >>> 0;
  for (let i = 0; same && i < words; i++) same = known[at + i] === u32[first + i];
  if (same) return cache.strings[slot] as string;
  for (let i = 0; i < words; i++) known[at + i] = u32[first + i] as number;
  if (words < MAX_WORDS) known[at + words] = tail;
  const text = fromAscii(u8, offset, bytes);
  cache.strings[slot] = text;
  return text;
}

/** Strings whose first words, as many as are interned, hold neither a NUL nor anything but ASCII. */
function readLong(v: Views, offset: number, length: number): string {
  const { u8, u32 } = v;
  const first = offset >>> 2;
  const whole = length >> 2;
  let words = MAX_WORDS;
  let all = 0;
  for (; words < whole; words++) {
    const word = u32[first + words] as number;
    if (((word - LOW_BITS) & ~word & HIGH_BITS) !== 0) break;
    all |= word;
  }
  let bytes = words * 4;
  for (; bytes < length; bytes++) {
    const byte = u8[offset + bytes] as number;
    if (byte === 0) break;
    all |= byte;
  }
  return (all & HIGH_BITS) === 0 ? fromAscii(u8, offset, bytes) : decodeUtf8(u8, offset, offset + bytes);
}

/** Strings that are not aligned. */
function readBytewise(u8: Uint8Array, offset: number, limit: number): string {
  let end = offset;
  let all = 0;
  for (; end < limit; end++) {
    const byte = u8[end] as number;
    if (byte === 0) break;
    all |= byte;
  }
  return all < 0x80 ? fromAscii(u8, offset, end - offset) : decodeUtf8(u8, offset, end);
}

function readUtf8(u8: Uint8Array, offset: number, length: number): string {
  let end = offset;
  while (end < offset + length && u8[end] !== 0) end++;
  return decodeUtf8(u8, offset, end);
}

type Maker = (u8: Uint8Array, offset: number) => string;

/** Bytes that one call of `String.fromCharCode` takes. */
const RUN = 32;
const makers: (Maker | undefined)[] = new Array(RUN + 1).fill(undefined);

/** One function per length: a call with its arguments spelt out makes a flat string at once, several times faster than any loop. */
function makerOf(length: number): Maker {
  const units = Array.from({ length }, (_, i) => `u8[o + ${i}]`);
  return new Function('u8', 'o', `return String.fromCharCode(${units.join(', ')});`) as Maker;
}

function fromAscii(u8: Uint8Array, offset: number, length: number): string {
  let text = '';
  let at = offset;
  for (const end = offset + length - RUN; at < end; at += RUN) text += run(RUN, u8, at);
  return text + run(offset + length - at, u8, at);
}

function run(length: number, u8: Uint8Array, offset: number): string {
  makers[length] ??= makerOf(length);
  return (makers[length] as Maker)(u8, offset);
}
