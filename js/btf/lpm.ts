import { checkArray, writeBytes } from './arrays.ts';
import { readBytes } from './bytes.ts';
import { type Codec, rawCodec } from './codec.ts';
import { show, toInt } from './convert.ts';
import { BtfError, ValueError } from './errors.ts';
import type { Shape } from './shape.ts';
import { targetOf } from './target.ts';
import type { Views } from './views.ts';

/** Bytes of the prefix length that every key of a longest-prefix-match trie starts with. */
const PREFIX_BYTES = 4;

const prefixTarget = { row: 'int', name: 'prefixlen (__u32)', bits: 32, signed: false } as const;

/**
 * The codec of the keys of a longest-prefix-match trie, on top of that of the key's own struct.
 *
 * A string of n Latin-1 characters means all of them: `{ prefixlen: 8 · n, data }`. An object `{ prefixlen, data }` gives bytes, of which
 * there may be fewer than the key has, but not fewer than `prefixlen` asks for. A key struct with other members than these
 * two (`struct { __u32 prefixlen; __be32 addr; }`) may also be given, and is read, as itself.
 *
 * @param size `key_size` of the map in bytes
 */
export function lpmKeyCodec(inner: Codec | undefined, size: number): Codec {
  if (size <= PREFIX_BYTES) throw new BtfError(`an LPM key of ${size} bytes has no data behind its prefix length`);
  const own = inner !== undefined && !isPlainKey(inner.shape) ? inner : undefined;
  const { shape } = rawCodec(size - PREFIX_BYTES);
  const dataTarget = { ...targetOf(shape), name: `the key's ${size - PREFIX_BYTES} bytes` };
  return {
    size,
    align: own?.align ?? 4,
    isFixed: true,
    typeName: inner?.typeName ?? `LPM key of ${size} bytes`,
    shape: inner?.shape ?? rawCodec(size).shape,
    decode(v, offset, end) {
      if (own !== undefined) return own.decode(v, offset, end);
      return {
        prefixlen: v.dv.getUint32(offset, true),
        data: readBytes(v, offset + PREFIX_BYTES, end - offset - PREFIX_BYTES),
      };
    },
    encode(v, offset, value, path) {
      if (typeof value === 'string') encodeText(v, offset, value, path, size);
      else if (own !== undefined && !hasData(value)) encodeOwn(v, offset, value, path, own, size);
      else encodeObject(v, offset, value, path);
    },
  };

  function encodeObject(v: Views, offset: number, value: unknown, path: string): void {
    if (typeof value !== 'object' || value === null || !('prefixlen' in value) || !('data' in value)) {
      throw new ValueError(`${path}: ${show(value)} is not an LPM key; it takes a string or { prefixlen, data }`);
    }
    for (const key of Object.keys(value)) {
      if (key !== 'prefixlen' && key !== 'data') {
        throw new ValueError(`${path}: an LPM key has no member ${JSON.stringify(key)}; it has prefixlen, data`);
      }
    }
    const { prefixlen, data } = value;
    const bits = toInt(prefixlen, `${path}.prefixlen`, prefixTarget);
    checkPrefix(bits, path, size);
    v.u8.fill(0, offset, offset + size);
    v.dv.setUint32(offset, bits, true);
    if (typeof data === 'string') {
      writeLatin1(v, offset + PREFIX_BYTES, data, `${path}.data`, size);
      checkLength(bits, data.length, path);
    } else {
      checkLength(bits, checkArray(data, path, '.data', dataTarget), path);
      writeBytes(v.u8, offset + PREFIX_BYTES, data, path, '.data', dataTarget);
    }
  }
}

/** `{ __u32 prefixlen; bytes data; }`: read as bytes whatever character type the source chose, so that what was read can be written. */
export function isPlainKey(shape: Shape): boolean {
  if (shape.kind !== 'struct') return true;
  const [prefixlen, data, ...more] = shape.fields;
  return (
    more.length === 0 &&
    prefixlen?.name === 'prefixlen' &&
    prefixlen.shape.kind === 'int' &&
    prefixlen.shape.size === PREFIX_BYTES &&
    data?.name === 'data' &&
    data.offset === PREFIX_BYTES &&
    data.shape.kind === 'bytes'
  );
}

function hasData(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'data' in value && 'prefixlen' in value;
}

function encodeText(v: Views, offset: number, text: string, path: string, size: number): void {
  v.u8.fill(0, offset, offset + size);
  writeLatin1(v, offset + PREFIX_BYTES, text, path, size);
  v.dv.setUint32(offset, text.length * 8, true);
}

function writeLatin1(v: Views, offset: number, text: string, path: string, size: number): void {
  if (text.length > size - PREFIX_BYTES) {
    throw new ValueError(
      `${path}: ${show(text)} has ${text.length} characters; the key holds ${size - PREFIX_BYTES} bytes`,
    );
  }
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit > 0xff) {
      throw new ValueError(
        `${path}: character ${JSON.stringify(text[i])} of ${show(text)} is not Latin-1; give { prefixlen, data } with the bytes`,
      );
    }
    v.u8[offset + i] = unit;
  }
}

function encodeOwn(v: Views, offset: number, value: unknown, path: string, own: Codec, size: number): void {
  own.encode(v, offset, value, path);
  v.u8.fill(0, offset + own.size, offset + size);
  checkPrefix(v.dv.getUint32(offset, true), path, size);
}

function checkPrefix(bits: number, path: string, size: number): void {
  const most = (size - PREFIX_BYTES) * 8;
  if (bits > most) throw new ValueError(`${path}.prefixlen: ${bits} bits are more than the key's ${most}`);
}

function checkLength(bits: number, bytes: number, path: string): void {
  if (bits <= bytes * 8) return;
  throw new ValueError(
    `${path}.data: ${bytes} bytes are too few for a prefix of ${bits} bits; give at least ${Math.ceil(bits / 8)}`,
  );
}
