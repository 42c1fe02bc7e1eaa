import type { Random } from '../codec/random.ts';

const EDGES = [0, 1, 2, 0x7f, 0x80, 0xff, 0xffff, 0x7fff_ffff, 0x8000_0000, 0xffff_fffe, 0xffff_ffff];

/** Changes an input in one to five ways; `other` is another input to take parts of. */
export function mutate(input: Uint8Array, other: Uint8Array, random: Random, longest: number): Uint8Array {
  let bytes = Uint8Array.from(input);
  for (let left = 1 + random.below(5); left > 0; left--) bytes = change(bytes, other, random);
  return bytes.subarray(0, longest);
}

function change(bytes: Uint8Array<ArrayBuffer>, other: Uint8Array, random: Random): Uint8Array<ArrayBuffer> {
  const at = bytes.length === 0 ? 0 : random.below(bytes.length);
  switch (bytes.length < 4 ? 5 + random.below(2) : random.below(8)) {
    case 0:
      bytes[at] = random.u32();
      return bytes;
    case 1:
      bytes[at] = (bytes[at] as number) ^ (1 << random.below(8));
      return bytes;
    case 2:
    case 3:
    case 4: {
      // A word, at its alignment.
      const view = new DataView(bytes.buffer);
      const place = at - (at % 4);
      if (place + 4 > bytes.length) return bytes;
      const old = view.getUint32(place, true);
      const from = random.below(bytes.length >>> 2) * 4;
      const value = random.pick([random.pick(EDGES), random.below(64), old + 1, old - 1, view.getUint32(from, true)]);
      view.setUint32(place, value >>> 0, true);
      return bytes;
    }
    case 5:
      return joined(bytes.subarray(0, at), random.bytes(1 + random.below(8)), bytes.subarray(at));
    case 6: {
      const start = other.length === 0 ? 0 : random.below(other.length);
      const part = other.subarray(start, start + 1 + random.below(other.length + 1));
      return joined(bytes.subarray(0, at), part, bytes.subarray(at));
    }
    default:
      return joined(bytes.subarray(0, at), bytes.subarray(at + 1 + random.below(bytes.length - at)));
  }
}

function joined(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
