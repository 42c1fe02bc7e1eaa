import { Kind } from '../../js/btf/format.ts';
import type { Btf } from '../../js/btf/mod.ts';

/**
 * The table of values once more, as slowly and plainly as it can be said: every value is cut out of one huge integer bit by bit. The
 * generated decoders are compared with it. Shares nothing with them but the parsed BTF.
 */
export function referenceDecode(btf: Btf, typeId: number, bytes: Uint8Array): unknown {
  return decode(btf, typeId, bytes, 0, bytes.length * 8, true);
}

function cut(bytes: Uint8Array, bit: number, width: number): bigint {
  let value = 0n;
  for (let i = width - 1; i >= 0; i--) {
    const at = bit + i;
    value = (value << 1n) | BigInt(((bytes[at >> 3] ?? 0) >> (at & 7)) & 1);
  }
  return value;
}

function decode(btf: Btf, typeId: number, bytes: Uint8Array, bit: number, end: number, last: boolean): unknown {
  const id = btf.resolve(typeId);
  switch (btf.kind(id)) {
    case Kind.INT:
    case Kind.ENUM:
    case Kind.ENUM64:
    case Kind.PTR:
      return integer(btf, id, bytes, bit, 0);
    case Kind.FLOAT: {
      const size = btf.size(id);
      const own = Uint8Array.from({ length: size }, (_, i) => Number(cut(bytes, bit + i * 8, 8)));
      const view = new DataView(own.buffer);
      return size === 4 ? view.getFloat32(0, true) : size === 8 ? view.getFloat64(0, true) : own;
    }
    case Kind.ARRAY:
      return array(btf, id, bytes, bit, end, last);
    case Kind.STRUCT:
    case Kind.UNION:
      return struct(btf, id, bytes, bit, end, last);
    default:
      return undefined;
  }
}

function integer(btf: Btf, id: number, bytes: Uint8Array, bit: number, width: number): unknown {
  const kind = btf.kind(id);
  const size = kind === Kind.PTR ? 8 : btf.size(id);
  const int =
    kind === Kind.INT
      ? btf.int(id)
      : { encoding: btf.flag(id) && kind !== Kind.PTR ? 1 : 0, bits: size * 8, offset: 0 };
  const bits = width || int.bits;
  const raw = cut(bytes, bit + (width === 0 ? int.offset : 0), bits);
  if (int.encoding & 4) return raw !== 0n;
  const value = int.encoding & 1 ? BigInt.asIntN(bits, raw) : raw;
  return size <= 4 ? Number(value) : value;
}

function array(btf: Btf, id: number, bytes: Uint8Array, bit: number, end: number, last: boolean): unknown {
  const { element, length } = btf.array(id);
  const size = sizeOf(btf, element);
  if (size === undefined) return undefined;
  const carried = last && size > 0 ? Math.max(0, Math.floor((end - bit) / 8 / size)) : 0;
  const count = length === 0 ? carried : length;
  const inner = btf.resolve(element);
  if (
    btf.kind(inner) === Kind.INT &&
    btf.size(inner) === 1 &&
    btf.int(inner).bits === 8 &&
    (btf.int(inner).encoding & 4) === 0
  ) {
    const raw = Uint8Array.from({ length: count }, (_, i) => Number(cut(bytes, bit + i * 8, 8)));
    if (btf.name(inner) === 'char') {
      const nul = raw.indexOf(0);
      return new TextDecoder('utf-8', { ignoreBOM: true }).decode(nul < 0 ? raw : raw.subarray(0, nul));
    }
    return btf.int(inner).encoding & 1 ? new Int8Array(raw.buffer) : raw;
  }
  return Array.from({ length: count }, (_, i) => {
    const start = bit + i * size * 8;
    return decode(btf, element, bytes, start, start + size * 8, false);
  });
}

function struct(btf: Btf, id: number, bytes: Uint8Array, bit: number, end: number, last: boolean): unknown {
  const entries: [string, unknown][] = [];
  const members = btf.members(id);
  const isUnion = btf.kind(id) === Kind.UNION;
  members.forEach((member, index) => {
    const inner = btf.resolve(member.typeId);
    const isComposite = btf.kind(inner) === Kind.STRUCT || btf.kind(inner) === Kind.UNION;
    const at = bit + member.bitOffset;
    const isLast = last && (isUnion || index === members.length - 1);
    if (member.bitSize > 0) {
      if (member.name !== '') entries.push([member.name, integer(btf, inner, bytes, at, member.bitSize)]);
    } else if (member.name !== '') {
      entries.push([member.name, decode(btf, member.typeId, bytes, at, end, isLast)]);
    } else if (isComposite) {
      entries.push(...Object.entries(decode(btf, member.typeId, bytes, at, end, isLast) as object));
    }
  });
  return Object.fromEntries(entries);
}

/** In bytes; `undefined` for what has no values. */
export function sizeOf(btf: Btf, typeId: number): number | undefined {
  const id = btf.resolve(typeId);
  switch (btf.kind(id)) {
    case Kind.PTR:
      return 8;
    case Kind.ARRAY: {
      const { element, length } = btf.array(id);
      const size = sizeOf(btf, element);
      return size === undefined ? undefined : size * length;
    }
    case Kind.VOID:
    case Kind.FWD:
    case Kind.FUNC:
    case Kind.FUNC_PROTO:
      return undefined;
    default:
      return btf.size(id);
  }
}
