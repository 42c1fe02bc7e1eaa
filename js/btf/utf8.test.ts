import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Random } from '../../tests/codec/random.ts';
import { decodeUtf8, encodeUtf8, utf8Length } from './utf8.ts';

/** The platform's own encoder and decoder say what is right. */
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
const encoder = new TextEncoder();

function assertDecodes(bytes: Uint8Array): void {
  assert.equal(decodeUtf8(bytes, 0, bytes.length), decoder.decode(bytes), Buffer.from(bytes).toString('hex'));
}

function assertEncodes(text: string): void {
  const expected = encoder.encode(text);
  const bytes = new Uint8Array(expected.length + 2);
  assert.equal(utf8Length(text), expected.length);
  assert.equal(encodeUtf8(text, bytes, 1), expected.length + 1);
  assert.deepEqual(bytes.subarray(1, -1), expected);
  assert.deepEqual([bytes[0], bytes.at(-1)], [0, 0]);
}

describe('UTF-8', () => {
  it('decodes every pair of bytes', () => {
    for (let first = 0x80; first < 0x100; first++) {
      for (let second = 0; second < 0x100; second++) assertDecodes(Uint8Array.of(first, second));
    }
  });

  it('decodes sequences cut, overlong, too large, of surrogates, and faults in the middle', () => {
    const interesting = [
      0x00, 0x41, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc2, 0xdf, 0xe0, 0xe2, 0xed, 0xef, 0xf0, 0xf1, 0xf4,
      0xf5, 0xff,
    ];
    const random = new Random(3);
    for (let i = 0; i < 50_000; i++) {
      assertDecodes(Uint8Array.from({ length: 1 + random.below(9) }, () => random.pick(interesting)));
    }
  });

  it('keeps a byte-order mark', () => assert.equal(decodeUtf8(Uint8Array.of(0xef, 0xbb, 0xbf, 0x41), 0, 4), '\ufeffA'));

  it('decodes long texts in pieces', () => {
    const bytes = encoder.encode('😀é名a'.repeat(1000));
    assertDecodes(bytes);
    assertDecodes(bytes.subarray(1));
  });

  it('encodes every code unit, every pair of surrogates at the edges, and lone ones', () => {
    for (let unit = 0; unit < 0x10000; unit += 7) assertEncodes(String.fromCharCode(unit));
    const edges = ['\ud7ff', '\ud800', '\udbff', '\udc00', '\udfff', '\ue000', 'a', 'é', '名'];
    for (const a of edges) for (const b of edges) for (const c of edges) assertEncodes(a + b + c);
  });
});
