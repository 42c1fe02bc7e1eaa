import type { Btf, RawMember } from './btf.ts';
import { BtfError } from './errors.ts';
import { flatten } from './flatten.ts';
import { IntEncoding, Kind, MAX_DEPTH } from './format.ts';
import type { BitsShape, BytesShape, NoneShape, Shape } from './shape.ts';
import type { RowId } from './table.ts';

/** Most scalar values that one value may hold: some hundred MiB of JavaScript objects. */
export const MAX_LEAVES = 1 << 24;
/** Offsets stay within what 32-bit arithmetic in the generated code holds. */
const MAX_SIZE = 0x7fff_ffff;
const POINTER_BYTES = 8;

const shapes = new WeakMap<Btf, Map<number, Shape | 'in progress'>>();

/**
 * The shape of a type, computed once. Throws a BtfError for a type that contains itself, is nested deeper than 32 levels, has members
 * outside its size or asks for more values than JavaScript could hold. Pointers are never followed.
 */
export function shapeOf(btf: Btf, id: number): Shape {
  return resolve(btf, id, 0);
}

/** The shape of bytes without a type. */
export function rawShape(size: number): BytesShape {
  return { ...leaf('bytes', `__u8[${size}]`, size), kind: 'bytes', as: 'Uint8Array' };
}

/** The shape of a record without a type: all bytes that came. */
export function rawRecordShape(): BytesShape {
  return { ...leaf('bytes', '__u8[]', 0), kind: 'bytes', as: 'Uint8Array', flexible: true };
}

function leaf(row: RowId, name: string, size: number) {
  return { row, name, size, leaves: 1, depth: 0, flexible: false } as const;
}

function resolve(btf: Btf, id: number, depth: number): Shape {
  let known = shapes.get(btf);
  if (known === undefined) {
    known = new Map();
    shapes.set(btf, known);
  }
  const found = known.get(id);
  if (found === 'in progress') throw new BtfError(`${btf.typeName(id)} contains itself`);
  if (found !== undefined) return found;
  if (depth > MAX_DEPTH) throw new BtfError(`${btf.typeName(id)} is nested deeper than ${MAX_DEPTH} levels`);
  known.set(id, 'in progress');
  try {
    const shape = build(btf, id, depth);
    check(shape);
    known.set(id, shape);
    return shape;
  } catch (error) {
    known.delete(id);
    throw error;
  }
}

function check(shape: Shape): void {
  if (shape.depth > MAX_DEPTH) throw new BtfError(`${shape.name} is nested deeper than ${MAX_DEPTH} levels`);
  if (shape.size > MAX_SIZE)
    throw new BtfError(`${shape.name} of ${shape.size} bytes is too large; at most ${MAX_SIZE} are supported`);
  if (shape.leaves > MAX_LEAVES) {
    throw new BtfError(`${shape.name} holds ${shape.leaves} values; at most ${MAX_LEAVES} fit one JavaScript value`);
  }
}

function build(btf: Btf, id: number, depth: number): Shape {
  const at = btf.resolve(id);
  const name = btf.typeName(id);
  switch (btf.kind(at)) {
    case Kind.INT:
      return buildInt(btf, at, name);
    case Kind.ENUM:
    case Kind.ENUM64: {
      const size = btf.size(at);
      if (![1, 2, 4, 8].includes(size)) throw new BtfError(`${name} has ${size} bytes; an enum has 1, 2, 4 or 8`);
      return { ...leaf(size === 8 ? 'enum64' : 'enum', name, size), kind: 'int', signed: btf.flag(at) };
    }
    case Kind.PTR:
      return { ...leaf('pointer', name, POINTER_BYTES), kind: 'int', signed: false };
    case Kind.FLOAT: {
      const size = btf.size(at);
      if (size === 4 || size === 8) return { ...leaf('float', name, size), kind: 'float' };
      if (![2, 10, 12, 16].includes(size))
        throw new BtfError(`${name} has ${size} bytes; a float has 2, 4, 8, 10, 12 or 16`);
      return { ...leaf('floatBytes', name, size), kind: 'bytes', as: 'Uint8Array' };
    }
    case Kind.ARRAY:
      return buildArray(btf, at, name, depth);
    case Kind.STRUCT:
    case Kind.UNION:
      return buildStruct(btf, at, name, depth);
    case Kind.VOID:
    case Kind.FWD:
    case Kind.FUNC:
    case Kind.FUNC_PROTO:
      return none(name);
    case Kind.VAR:
      return resolve(btf, btf.target(at), depth + 1);
    default:
      throw new BtfError(`type ${id} (kind ${btf.kind(at)}) is not the type of a value`);
  }
}

function none(name: string): NoneShape {
  return { ...leaf('none', name, 0), kind: 'none' };
}

function buildInt(btf: Btf, id: number, name: string): Shape {
  const size = btf.size(id);
  const { encoding, offset, bits } = btf.int(id);
  if (size < 1 || size > 16) throw new BtfError(`${name} has ${size} bytes; an integer has 1 to 16`);
  if (bits < 1 || offset + bits > size * 8) throw new BtfError(`${name} has ${offset} + ${bits} bits in ${size} bytes`);
  if (bits !== size * 8) return bitField(btf, id, name, offset, bits, size);
  if (encoding & IntEncoding.BOOL) return { ...leaf('bool', name, size), kind: 'bool' };
  const row = size <= 4 ? 'int' : size <= 8 ? 'long' : 'int128';
  return { ...leaf(row, name, size), kind: 'int', signed: (encoding & IntEncoding.SIGNED) !== 0 };
}

/** `width` bits from bit `offset` on, of the integer or enum `id`. The byte that the bits start in is the caller's to add. */
function bitField(btf: Btf, id: number, name: string, offset: number, width: number, size?: number): BitsShape {
  const isInt = btf.kind(id) === Kind.INT;
  const encoding = isInt ? btf.int(id).encoding : 0;
  const shift = size === undefined ? offset & 7 : offset;
  return {
    ...leaf('bitField', `${name} : ${width}`, size ?? Math.ceil((shift + width) / 8)),
    kind: 'bits',
    shift,
    width,
    signed: isInt ? (encoding & IntEncoding.SIGNED) !== 0 : btf.flag(id),
    value: encoding & IntEncoding.BOOL ? 'boolean' : btf.size(id) <= 4 ? 'number' : 'bigint',
  };
}

function buildArray(btf: Btf, id: number, name: string, depth: number): Shape {
  const { element: elementId, length } = btf.array(id);
  const element = resolve(btf, elementId, depth + 1);
  if (element.kind === 'none') return none(name);
  const flexible = length === 0;
  const size = length * element.size;
  const bytes = byteArray(btf, elementId);
  if (bytes !== undefined) {
    const row = { string: 'chars', Uint8Array: 'bytes', Int8Array: 'signedBytes' } as const;
    return { ...leaf(row[bytes], name, size), kind: 'bytes', as: bytes, flexible };
  }
  const leaves = Math.max(1, length * element.leaves);
  return { row: 'array', name, size, leaves, depth: element.depth + 1, flexible, kind: 'array', element, length };
}

/** Compilers tell `char`, `signed char` and `unsigned char` apart by name only; the encoding flag for characters is not used. */
function byteArray(btf: Btf, elementId: number): BytesShape['as'] | undefined {
  const id = btf.resolve(elementId);
  if (btf.kind(id) !== Kind.INT || btf.size(id) !== 1 || btf.int(id).bits !== 8) return undefined;
  const { encoding } = btf.int(id);
  if (encoding & IntEncoding.BOOL) return undefined;
  if (btf.name(id) === 'char') return 'string';
  return encoding & IntEncoding.SIGNED ? 'Int8Array' : 'Uint8Array';
}

function buildStruct(btf: Btf, id: number, name: string, depth: number): Shape {
  const size = btf.size(id);
  const kind = btf.kind(id) === Kind.UNION ? 'union' : 'struct';
  const members = btf.members(id).flatMap((member) => {
    const place = buildMember(btf, member, name, depth);
    if (place === undefined) return [];
    if (place.offset + place.shape.size > size) {
      throw new BtfError(`${name}: member ${member.name || '{…}'} at ${place.offset} ends outside its ${size} bytes`);
    }
    return [place];
  });
  const leaves = members.reduce((sum, { shape }) => sum + shape.leaves, 1);
  if (leaves > MAX_LEAVES)
    throw new BtfError(`${name} holds ${leaves} values; at most ${MAX_LEAVES} fit one JavaScript value`);
  const { fields, unions } = flatten(kind, members, name);
  return {
    row: kind,
    name,
    size,
    leaves,
    depth: members.reduce((deepest, { shape }) => Math.max(deepest, shape.depth), 0) + 1,
    flexible: fields.some((field) => field.last && field.shape.flexible),
    kind,
    fields,
    unions,
  };
}

/** A member with its shape. `name` is `''` for an anonymous struct or union; other nameless members are padding and left out. */
function buildMember(btf: Btf, member: RawMember, owner: string, depth: number) {
  const { name, typeId, bitOffset, bitSize } = member;
  const id = btf.resolve(typeId);
  const kind = btf.kind(id);
  if (name === '' && kind !== Kind.STRUCT && kind !== Kind.UNION) return undefined;
  const isInteger = kind === Kind.INT || kind === Kind.ENUM || kind === Kind.ENUM64;
  if (isInteger && (bitSize !== 0 || (bitOffset & 7) !== 0 || isPartial(btf, id))) {
    return buildBitField(btf, member, id, owner);
  }
  if (bitSize !== 0 || (bitOffset & 7) !== 0) {
    throw new BtfError(
      `${owner}: member ${name || '{…}'} is a bit field of ${btf.typeName(typeId)}, which is not an integer`,
    );
  }
  return { name, offset: bitOffset / 8, shape: resolve(btf, typeId, depth + 1) };
}

/** Bit fields as compilers wrote them before BTF had a width per member: an integer type of fewer bits than its size. */
function isPartial(btf: Btf, id: number): boolean {
  return btf.kind(id) === Kind.INT && btf.int(id).bits !== btf.size(id) * 8;
}

function buildBitField(btf: Btf, member: RawMember, id: number, owner: string) {
  const size = btf.size(id);
  const { offset, bits } = btf.kind(id) === Kind.INT ? btf.int(id) : { offset: 0, bits: size * 8 };
  const width = member.bitSize || bits;
  if (width < 1 || width > size * 8 || size > 16) {
    throw new BtfError(`${owner}: member ${member.name} has ${width} bits of a type of ${size} bytes`);
  }
  const first = member.bitOffset + (member.bitSize === 0 ? offset : 0);
  const shape = bitField(btf, id, btf.typeName(member.typeId), first, width);
  return { name: member.name, offset: Math.floor(first / 8), shape };
}
