import assert from 'node:assert/strict';
import { it } from 'node:test';
import { Btf, codecOf, recordDecoder, Views } from '../../js/btf/mod.ts';
import { Random } from './random.ts';
import { RandomTypes } from './random-types.ts';
import { assertSame, randomValue } from './random-values.ts';
import { referenceDecode } from './reference.ts';

/** Set CODEC_SEED to try other types, CODEC_TYPES for more of them. */
const SEED = Number(process.env.CODEC_SEED ?? 20_240_501);
const TYPES = Number(process.env.CODEC_TYPES ?? 2500);
const VALUES = 40;

it(`${TYPES * VALUES} random values of random types survive the way through bytes`, () => {
  let pairs = 0;
  for (let i = 0; i < TYPES; i++) {
    const seed = (SEED + i) >>> 0;
    try {
      pairs += roundTrips(seed);
    } catch (error) {
      throw new Error(`CODEC_SEED=${seed} CODEC_TYPES=1 shows it: ${(error as Error).message}`, { cause: error });
    }
  }
  assert.equal(pairs, TYPES * VALUES);
});

it('random bytes of random types are read as the plain reference reads them, at every alignment, and as records', () => {
  for (let i = 0; i < TYPES / 2; i++) {
    const seed = (SEED + i) >>> 0;
    try {
      compareWithReference(seed);
    } catch (error) {
      throw new Error(`CODEC_SEED=${seed} CODEC_TYPES=2 shows it: ${(error as Error).message}`, { cause: error });
    }
  }
});

function make(seed: number) {
  const random = new Random(seed);
  const types = new RandomTypes(random);
  const { id, size } = types.top();
  const btf = Btf.parse(types.builder.bytes());
  return { random, btf, id, size, codec: codecOf(btf, id) };
}

/** Writes onto dirty bytes at a random offset, reads back, and checks that nothing around was touched and no padding was left dirty. */
function roundTrips(seed: number): number {
  const { random, btf, id, size, codec } = make(seed);
  assert.equal(codec.size, size);
  const buffer = new Views(new ArrayBuffer(size + 64));
  const clean = new Views(new ArrayBuffer(size + 64));
  for (let i = 0; i < VALUES; i++) {
    const value = randomValue(btf, id, random);
    const offset = random.once(3) ? random.below(32) : 8 * random.below(4);
    buffer.u8.set(random.bytes(buffer.u8.length));
    const before = buffer.u8.slice();
    codec.encode(buffer, offset, value, 'value');
    assert.deepEqual(buffer.u8.subarray(0, offset), before.subarray(0, offset), 'bytes before the value changed');
    assert.deepEqual(
      buffer.u8.subarray(offset + size),
      before.subarray(offset + size),
      'bytes behind the value changed',
    );
    assertSame(btf, id, value, codec.decode(buffer, offset, offset + size), 'value');
    clean.u8.fill(0);
    codec.encode(clean, 0, value, 'value');
    assert.deepEqual(buffer.u8.subarray(offset, offset + size), clean.u8.subarray(0, size), 'padding was left dirty');
  }
  return VALUES;
}

function compareWithReference(seed: number): void {
  const { random, btf, id, size, codec } = make(seed);
  const tail = codec.isFixed ? 0 : random.below(40);
  const bytes = random.bytes(size + tail);
  const expected = referenceDecode(btf, id, bytes);
  for (const offset of [0, 8, 4, 2, 1, 3]) {
    const views = new Views(new ArrayBuffer(offset + bytes.length));
    views.u8.set(bytes, offset);
    assert.deepEqual(codec.decode(views, offset, offset + bytes.length), expected, `at offset ${offset}`);
  }
  const frame = 8 + ((bytes.length + 7) & ~7);
  const chunk = new Views(new ArrayBuffer(frame * 2));
  for (const start of [0, frame]) {
    chunk.dv.setUint32(start, bytes.length, true);
    chunk.u8.set(bytes, start + 8);
  }
  const events = recordDecoder(btf, id).collect(chunk, 0, frame * 2, 'record');
  assert.deepEqual(events, [{ record: expected }, { record: expected }]);
}
