import assert from 'node:assert/strict';
import { Btf, BtfError, type Codec, codecOf, Kind, ValueError, Views } from '../../js/btf/mod.ts';
import { Random } from '../codec/random.ts';
import { sizeOf } from '../codec/reference.ts';

const MAX_TYPES = 40;
const MAX_SIZE = 1 << 12;

/** BTF that may be anything, and of each of its types: bytes → value → bytes → the same value. */
export function codec(input: Uint8Array): void {
  let btf: Btf;
  try {
    btf = Btf.parse(input);
  } catch (error) {
    if (error instanceof BtfError) return;
    throw error;
  }
  btf.listStructs();
  btf.section('.data');
  const random = new Random(input.length);
  for (let id = 0; id < Math.min(btf.typeCount, MAX_TYPES); id++) {
    btf.describe(id);
    const made = codecFor(btf, id);
    if (made !== undefined && made.size <= MAX_SIZE) roundTrip(made, hasOverlap(btf, id), random);
  }
}

function codecFor(btf: Btf, id: number): Codec | undefined {
  try {
    return codecOf(btf, id);
  } catch (error) {
    if (error instanceof BtfError) return undefined;
    throw error;
  }
}

/** Does a struct in it have members in the same bits? No compiler makes one, and what is written to such members need not come back. */
function hasOverlap(btf: Btf, typeId: number): boolean {
  try {
    return overlaps(btf, typeId, 0);
  } catch (error) {
    // Padding has no name, and may be of a type that has no end.
    if (error instanceof BtfError) return true;
    throw error;
  }
}

function overlaps(btf: Btf, typeId: number, depth: number): boolean {
  if (depth > 32) return true;
  const id = btf.resolve(typeId);
  switch (btf.kind(id)) {
    case Kind.ARRAY: {
      // Without elements it may be one of itself.
      const { element, length } = btf.array(id);
      return length > 0 && overlaps(btf, element, depth + 1);
    }
    case Kind.STRUCT:
    case Kind.UNION: {
      const members = btf.members(id).sort((a, b) => a.bitOffset - b.bitOffset);
      const end = (at: number) => {
        const { bitOffset, bitSize, typeId } = members[at] as (typeof members)[0];
        return bitOffset + (bitSize || (sizeOf(btf, typeId) ?? 0) * 8);
      };
      const isShared = members.some(({ bitOffset }, i) => i > 0 && bitOffset < end(i - 1));
      return (
        (btf.kind(id) === Kind.STRUCT && isShared) || members.some((member) => overlaps(btf, member.typeId, depth + 1))
      );
    }
    default:
      return false;
  }
}

function roundTrip(made: Codec, isLossy: boolean, random: Random): void {
  const views = new Views(new ArrayBuffer(made.size + 16));
  const offset = random.below(9);
  views.u8.set(random.bytes(views.u8.length));
  // A record that is too short, first.
  made.decode(views, offset, offset + random.below(made.size + 1));
  const value = made.decode(views, offset, offset + made.size);
  const before = views.u8.slice();
  try {
    made.encode(views, offset, value, 'value');
  } catch (error) {
    // A string that was no UTF-8 may have grown, and of a union's readings only one can be written.
    if (error instanceof ValueError) return;
    throw error;
  }
  assert.deepEqual(views.u8.subarray(0, offset), before.subarray(0, offset), 'bytes before the value changed');
  const end = offset + made.size;
  assert.deepEqual(views.u8.subarray(end), before.subarray(end), 'bytes behind the value changed');
  const read = made.decode(views, offset, end);
  if (!isLossy) assert.deepEqual(read, value, `${made.typeName} came back different`);
}
