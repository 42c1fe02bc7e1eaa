import assert from 'node:assert/strict';
import { Kind } from '../../js/btf/format.ts';
import type { Btf, RawMember } from '../../js/btf/mod.ts';
import type { Random } from './random.ts';
import { sizeOf } from './reference.ts';

/** `undefined` stands for a member that is not given. */
export type Value = unknown;

const MAX_TRIES = 100;
const LETTERS = ['a', 'b', 'z', '0', ' ', '~', '\x01', 'é', 'ß', '€', '名', '😀', '\ud800', '\udc00'];

/** A value that a type accepts, in any of the ways that it may be given. */
export function randomValue(btf: Btf, typeId: number, random: Random): Value {
  const id = btf.resolve(typeId);
  switch (btf.kind(id)) {
    case Kind.INT:
    case Kind.ENUM:
    case Kind.ENUM64:
    case Kind.PTR:
      return randomInteger(btf, id, 0, random);
    case Kind.FLOAT:
      return randomFloat(btf.size(id), random);
    case Kind.ARRAY:
      return randomArray(btf, id, random);
    case Kind.STRUCT:
    case Kind.UNION:
      return Object.fromEntries(randomMembers(btf, id, random));
    default:
      return undefined;
  }
}

function facts(btf: Btf, id: number, width: number) {
  const kind = btf.kind(id);
  const size = kind === Kind.PTR ? 8 : btf.size(id);
  const int = kind === Kind.INT ? btf.int(id) : { encoding: kind !== Kind.PTR && btf.flag(id) ? 1 : 0, bits: size * 8 };
  return { size, bits: width || int.bits, signed: (int.encoding & 1) !== 0, bool: (int.encoding & 4) !== 0 };
}

function randomInteger(btf: Btf, id: number, width: number, random: Random): Value {
  const { bits, signed, bool, size } = facts(btf, id, width);
  if (bool) return random.pick([true, false, 0, 1]);
  const value = random.bits(bits, signed);
  const isSafe = value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER);
  if (size <= 4) return random.once(4) ? value : Number(value);
  return isSafe && bits <= 64 && size <= 8 && random.once(2) ? Number(value) : value;
}

function randomFloat(size: number, random: Random): Value {
  if (size !== 4 && size !== 8) return random.bytes(random.once(3) ? random.below(size + 1) : size);
  if (random.once(6)) return random.pick([0, -0, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]);
  const value = new DataView(random.bytes(8).buffer).getFloat64(0, true);
  return size === 8 || Number.isNaN(value) ? value : random.u32() / 1000;
}

function randomArray(btf: Btf, id: number, random: Random): Value {
  const { element, length } = btf.array(id);
  const given = random.once(3) ? random.below(length + 1) : length;
  const inner = btf.resolve(element);
  if (sizeOf(btf, inner) === undefined) return undefined;
  if (
    btf.kind(inner) === Kind.INT &&
    btf.size(inner) === 1 &&
    (btf.int(inner).encoding & 4) === 0 &&
    btf.int(inner).bits === 8
  ) {
    const signed = (btf.int(inner).encoding & 1) !== 0 && btf.name(inner) !== 'char';
    const bytes = random.bytes(given);
    switch (random.below(3)) {
      case 0:
        return randomText(given, random);
      case 1:
        return signed ? new Int8Array(bytes.buffer) : bytes;
      default:
        return Array.from(signed ? new Int8Array(bytes.buffer) : bytes);
    }
  }
  const elements = Array.from({ length: given }, () => randomValue(btf, element, random));
  if (elements.length > 0 && elements.every((value) => typeof value === 'number') && random.once(2))
    return Float64Array.from(elements);
  return elements;
}

function randomText(bytes: number, random: Random): string {
  let text = '';
  for (;;) {
    const more = text + random.pick(LETTERS);
    if (new TextEncoder().encode(more).length > bytes) return text;
    text = more;
  }
}

/** Some members of a struct; one of a union. Of anonymous members what they hold. */
function randomMembers(btf: Btf, id: number, random: Random): [string, Value][] {
  const given = btf.members(id).map((member) => () => randomMember(btf, member, random));
  if (btf.kind(id) === Kind.STRUCT) return given.flatMap((make) => (random.once(6) ? [] : make()));
  // A union insists on a member, and the first alternative tried may have none to give.
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const members = given.length === 0 ? [] : random.pick(given)();
    if (members.length > 0) return members;
  }
  return [];
}

function randomMember(btf: Btf, member: RawMember, random: Random): [string, Value][] {
  const id = btf.resolve(member.typeId);
  const isComposite = btf.kind(id) === Kind.STRUCT || btf.kind(id) === Kind.UNION;
  if (member.name === '') return isComposite ? randomMembers(btf, id, random) : [];
  const value = member.bitSize > 0 ? randomInteger(btf, id, member.bitSize, random) : randomValue(btf, id, random);
  return value === undefined ? [] : [[member.name, value]];
}

/** Fails unless `read` is what comes back after `written` was written. Members that were not given are not looked at. */
export function assertSame(btf: Btf, typeId: number, written: Value, read: Value, path: string): void {
  const id = btf.resolve(typeId);
  switch (btf.kind(id)) {
    case Kind.STRUCT:
    case Kind.UNION:
      for (const [name, value] of Object.entries(written as object)) {
        const member = memberNamed(btf, id, name);
        assert.ok(member !== undefined && Object.hasOwn(read as object, name), `${path}.${name} is missing`);
        assertSame(btf, member.typeId, value, (read as Record<string, unknown>)[name], `${path}.${name}`);
      }
      break;
    case Kind.ARRAY:
      assertSameArray(btf, id, written, read, path);
      break;
    case Kind.FLOAT:
      if (typeof read === 'number')
        assert.ok(Object.is(read, btf.size(id) === 4 ? Math.fround(written as number) : written), path);
      else assertBytes(written as ArrayLike<number>, read as Uint8Array, path);
      break;
    default:
      assert.equal(BigInt(read as number), BigInt(written as number), path);
      assert.equal(
        typeof read,
        facts(btf, id, 0).bool ? 'boolean' : facts(btf, id, 0).size <= 4 ? 'number' : 'bigint',
        path,
      );
  }
}

function memberNamed(btf: Btf, id: number, name: string): RawMember | undefined {
  for (const member of btf.members(id)) {
    if (member.name === name) return member;
    const inner = btf.resolve(member.typeId);
    if (member.name === '' && (btf.kind(inner) === Kind.STRUCT || btf.kind(inner) === Kind.UNION)) {
      const found = memberNamed(btf, inner, name);
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

function assertSameArray(btf: Btf, id: number, written: Value, read: Value, path: string): void {
  const { element } = btf.array(id);
  if (typeof read === 'string') {
    const bytes =
      typeof written === 'string' ? new TextEncoder().encode(written) : Uint8Array.from(written as number[]);
    const nul = bytes.indexOf(0);
    assert.equal(
      read,
      new TextDecoder('utf-8', { ignoreBOM: true }).decode(nul < 0 ? bytes : bytes.subarray(0, nul)),
      path,
    );
  } else if (ArrayBuffer.isView(read)) {
    const bytes = typeof written === 'string' ? new TextEncoder().encode(written) : (written as ArrayLike<number>);
    assertBytes(bytes, read as Uint8Array, path);
  } else {
    Array.from(written as ArrayLike<unknown>).forEach((value, i) => {
      assertSame(btf, element, value, (read as unknown[])[i], `${path}[${i}]`);
    });
  }
}

function assertBytes(written: ArrayLike<number>, read: Uint8Array | Int8Array, path: string): void {
  for (let i = 0; i < read.length; i++)
    assert.equal((read[i] as number) & 0xff, (written[i] ?? 0) & 0xff, `${path}[${i}]`);
}
