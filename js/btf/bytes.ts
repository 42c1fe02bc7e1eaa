import type { Views } from './views.ts';

/**
 * Copies of byte arrays. A small ArrayBuffer of its own costs ten times as much as the copy, so small ones share a pool of 8 KiB, as
 * Node's buffers do. They never share the chunk they came from: one kept value would hold all of it.
 */

const POOL_BYTES = 8192;
const LARGEST_POOLED = POOL_BYTES / 4;

let pool: Uint8Array<ArrayBuffer> | undefined;
/** The pool's own: asking a typed array for it is a call into C++. */
let poolBuffer: ArrayBuffer;
let poolWords: Uint32Array;
let used = 0;

/** Reserves `length` bytes and returns where they start in {@link pool}. */
function reserve(length: number): Uint8Array<ArrayBuffer> {
  // A script may have transferred the pool away; its length is then 0.
  if (pool === undefined || used + length > pool.length) {
    poolBuffer = new ArrayBuffer(POOL_BYTES);
    pool = new Uint8Array(poolBuffer);
    poolWords = new Uint32Array(poolBuffer);
    used = 0;
  }
  return pool;
}

/** Word by word where the record lets it: what is reserved always starts at a whole word. */
function copy({ u8, u32 }: Views, offset: number, target: Uint8Array, at: number, length: number): void {
  let done = 0;
  if ((offset & 3) === 0) {
    const words = length >> 2;
    const [from, to] = [offset >>> 2, at >>> 2];
    for (let i = 0; i < words; i++) poolWords[to + i] = u32[from + i] as number;
    done = words << 2;
  }
  for (; done < length; done++) target[at + done] = u8[offset + done] as number;
}

/** A copy of `length` bytes at `offset`. A negative length counts as 0. */
export function readBytes(v: Views, offset: number, length: number): Uint8Array {
  if (length > LARGEST_POOLED) return v.u8.slice(offset, offset + length);
  if (length <= 0) return new Uint8Array(0);
  const target = reserve(length);
  const at = used;
  used = (at + length + 7) & ~7;
  if (length > 64) target.set(v.u8.subarray(offset, offset + length), at);
  else copy(v, offset, target, at, length);
  return new Uint8Array(poolBuffer, at, length);
}

/** {@link readBytes} for signed bytes. */
export function readSignedBytes(v: Views, offset: number, length: number): Int8Array {
  const bytes = readBytes(v, offset, length);
  return new Int8Array(bytes.buffer as ArrayBuffer, bytes.byteOffset, bytes.length);
}
