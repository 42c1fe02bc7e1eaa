import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Random } from '../../tests/codec/random.ts';
import { readBytes, readSignedBytes } from './bytes.ts';
import { Views } from './mod.ts';
import { readString } from './strings.ts';

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

function expected(bytes: Uint8Array): string {
  const nul = bytes.indexOf(0);
  return decoder.decode(nul < 0 ? bytes : bytes.subarray(0, nul));
}

describe('readString', () => {
  it('agrees with TextDecoder for every length, offset and end', () => {
    const random = new Random(5);
    const views = new Views(new ArrayBuffer(512));
    for (let i = 0; i < 60_000; i++) {
      const offset = random.below(9);
      const length = random.once(4) ? random.below(300) : random.below(70);
      // Mostly letters, few of them so that strings repeat; NULs and high bytes strewn in.
      const letters = random.once(3) ? 256 : 3;
      const holes = random.pick([4, 20, 1000]);
      for (let at = 0; at < length; at++) {
        views.u8[offset + at] = random.once(holes) ? 0 : letters === 3 ? 97 + random.below(3) : 32 + random.below(90);
      }
      if (random.once(5) && length > 0) views.u8[offset + random.below(length)] = random.u32() & 0xff;
      // What lies behind must not matter.
      views.u8.fill(random.u32() & 0xff, offset + length);
      const bytes = views.u8.slice(offset, offset + length);
      assert.equal(readString(views, offset, length), expected(bytes), `offset ${offset}, length ${length}`);
    }
  });

  it('tells apart strings that differ in any one bit of their text, and in nothing but length', () => {
    const views = new Views(new ArrayBuffer(64));
    for (let length = 1; length <= 64; length++) {
      views.u8.fill(0).fill(64, 0, length);
      assert.equal(readString(views, 0, 64), '@'.repeat(length));
      for (let at = 0; at < length; at++) {
        for (let bit = 0; bit < 6; bit++) {
          views.u8[at] = 64 ^ (1 << bit);
          const text = readString(views, 0, 64);
          assert.equal(text.charCodeAt(at), 64 ^ (1 << bit));
          assert.equal(text.length, length);
        }
        views.u8[at] = 64;
      }
    }
  });

  it('reads nothing where there is nothing', () => {
    const views = new Views(new ArrayBuffer(8));
    views.u8.fill(65);
    for (const length of [0, -1, -100])
      for (const offset of [0, 1, 8]) assert.equal(readString(views, offset, length), '');
  });

  it('reads at the end of a buffer that is no multiple of a word', () => {
    const views = new Views(new ArrayBuffer(7));
    views.u8.fill(65);
    assert.equal(readString(views, 0, 7), 'AAAAAAA');
    assert.equal(readString(views, 4, 3), 'AAA');
    assert.equal(readString(views, 5, 2), 'AA');
  });
});

describe('readBytes', () => {
  it('copies: the values stay when the source changes, and do not touch each other', () => {
    const random = new Random(9);
    const views = new Views(new ArrayBuffer(8192));
    const kept: { copy: Uint8Array | Int8Array; expected: number[] }[] = [];
    for (let i = 0; i < 3000; i++) {
      views.u8.set(random.bytes(64), random.below(8000));
      const length = random.once(20) ? random.below(8192) : random.below(100);
      const offset = random.below(8192 - length + 1);
      const bytes = views.u8.slice(offset, offset + length);
      if (random.once(2)) kept.push({ copy: readBytes(views, offset, length), expected: [...bytes] });
      else kept.push({ copy: readSignedBytes(views, offset, length), expected: [...new Int8Array(bytes.buffer)] });
    }
    for (const { copy, expected: bytes } of kept) assert.deepEqual([...copy], bytes);
    assert.ok(kept.every(({ copy }) => copy.buffer !== views.buffer));
  });

  it('shares buffers between small copies only', () => {
    const views = new Views(new ArrayBuffer(8192));
    const buffers = new Set(Array.from({ length: 100 }, () => readBytes(views, 0, 16).buffer));
    assert.ok(buffers.size <= 2, `${buffers.size} buffers`);
    assert.equal(readBytes(views, 0, 8192).buffer.byteLength, 8192);
  });

  it('survives that a script transfers the shared buffer away', () => {
    const views = new Views(new ArrayBuffer(16));
    views.u8.fill(7);
    const first = readBytes(views, 0, 16);
    structuredClone(first.buffer, { transfer: [first.buffer as ArrayBuffer] });
    assert.deepEqual([...readBytes(views, 0, 4)], [7, 7, 7, 7]);
  });

  it('gives an empty array for nothing', () => {
    const views = new Views(new ArrayBuffer(16));
    assert.equal(readBytes(views, 16, 0).length, 0);
    assert.equal(readBytes(views, 16, -5).length, 0);
    assert.equal(readSignedBytes(views, 16, -5).length, 0);
  });
});
