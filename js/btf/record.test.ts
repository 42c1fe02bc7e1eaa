import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { BtfBuilder } from '../../tests/codec/btf-builder.ts';
import { Btf, codecOf, rawCodec, rawRecordDecoder, recordDecoder, Views } from './mod.ts';

const b = new BtfBuilder();
const u8 = b.int('unsigned char', 1);
const u16 = b.int('unsigned short', 2);
const u32 = b.int('unsigned int', 4);
const char = b.int('char', 1, 1);
const s8 = b.int('signed char', 1, 1);
const point = b.struct('point', 8, [
  { name: 'x', type: u32, offset: 0 },
  { name: 'y', type: u32, offset: 32 },
]);
const header = { name: 'n', type: u32, offset: 0 };

/** A struct of a count and one array behind it. */
function withTail(name: string, element: number, length: number, elementSize: number): number {
  return b.struct(name, 4 + length * elementSize, [
    header,
    { name: 'tail', type: b.array(element, length), offset: 32 },
  ]);
}

const types = {
  text: withTail('text', char, 12, 1),
  bytes: withTail('bytes', u8, 12, 1),
  signed: withTail('signed', s8, 12, 1),
  words: withTail('words', u16, 6, 2),
  points: withTail('points', point, 2, 8),
  rows: withTail('rows', b.array(u16, 2), 3, 4),
  flexText: withTail('flex_text', char, 0, 1),
  flexWords: withTail('flex_words', u16, 0, 2),
  flexPoints: withTail('flex_points', point, 0, 8),
};
const inner = b.struct('', 8, [{ name: 'tail', type: b.array(u16, 4), offset: 0 }]);
const nested = b.struct('nested', 12, [header, { name: 'in', type: inner, offset: 32 }]);
const anonymous = b.struct('anonymous', 12, [header, { name: '', type: inner, offset: 32 }]);
const overlaid = b.struct('overlaid', 12, [
  header,
  {
    name: 'u',
    type: b.union('', 8, [
      { name: 'bytes', type: b.array(u8, 8), offset: 0 },
      { name: 'words', type: b.array(u16, 4), offset: 0 },
      { name: 'one', type: u32, offset: 0 },
    ]),
    offset: 32,
  },
]);
const middle = b.struct('middle', 12, [
  { name: 'list', type: b.array(u16, 4), offset: 0 },
  { name: 'n', type: u32, offset: 64 },
]);
const early = b.struct('early', 8, [
  header,
  {
    name: '',
    type: b.struct('', 4, [
      { name: 'none', type: b.array(u16, 0), offset: 0 },
      { name: 'm', type: u32, offset: 0 },
    ]),
    offset: 32,
  },
]);
const shadow = b.struct('shadow', 8, [header, { name: '__proto__', type: b.array(u16, 2), offset: 32 }]);
const btf = Btf.parse(b.bytes());

/** Decodes a record of `length` bytes 1, 2, 3, … from an offset with other bytes around. */
function decode(type: number, length: number, offset = 8): unknown {
  const views = new Views(new ArrayBuffer(64));
  views.u8.fill(0xee);
  for (let i = 0; i < length; i++) views.u8[offset + i] = i + 1;
  return codecOf(btf, type).decode(views, offset, offset + length);
}

const N = 0x0403_0201;

describe('records shorter than their struct', () => {
  const cases: [type: number, length: number, value: unknown][] = [
    [types.text, 8, { n: N, tail: '\x05\x06\x07\x08' }],
    [types.bytes, 8, { n: N, tail: Uint8Array.of(5, 6, 7, 8) }],
    [types.bytes, 4, { n: N, tail: new Uint8Array(0) }],
    [types.bytes, 2, { n: 0x0201, tail: new Uint8Array(0) }],
    [types.bytes, 0, { n: 0, tail: new Uint8Array(0) }],
    [types.bytes, 15, { n: N, tail: Uint8Array.of(5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15) }],
    [types.signed, 5, { n: N, tail: Int8Array.of(5) }],
    [types.words, 8, { n: N, tail: [0x0605, 0x0807] }],
    [types.words, 7, { n: N, tail: [0x0605, 0x07] }],
    [types.points, 12, { n: N, tail: [{ x: 0x0807_0605, y: 0x0c0b_0a09 }] }],
    [
      types.points,
      14,
      {
        n: N,
        tail: [
          { x: 0x0807_0605, y: 0x0c0b_0a09 },
          { x: 0x0e0d, y: 0 },
        ],
      },
    ],
    [
      types.rows,
      10,
      {
        n: N,
        tail: [
          [0x0605, 0x0807],
          [0x0a09, 0],
        ],
      },
    ],
    [nested, 6, { n: N, in: { tail: [0x0605] } }],
    [anonymous, 6, { n: N, tail: [0x0605] }],
    [overlaid, 6, { n: N, u: { bytes: Uint8Array.of(5, 6), words: [0x0605], one: 0x0605 } }],
    [middle, 4, { list: [0x0201, 0x0403, 0, 0], n: 0 }],
    [point, 5, { x: N, y: 5 }],
  ];
  for (const [type, length, value] of cases) {
    it(`${length} bytes of ${btf.describe(type)}`, () => {
      for (const offset of [8, 4, 1]) assert.deepEqual(decode(type, length, offset), value);
    });
  }

  it('cuts a member called __proto__ without touching the prototype', () => {
    const value = decode(shadow, 6) as object;
    assert.deepEqual(Object.entries(value), [
      ['n', N],
      ['__proto__', [0x0605]],
    ]);
    assert.equal(Object.getPrototypeOf(value), Object.prototype);
  });

  it('works for types larger than the scratch buffer', () => {
    const other = new BtfBuilder();
    const big = other.array(other.int('unsigned int', 4), 10_000);
    const codec = codecOf(Btf.parse(other.bytes()), big);
    const views = new Views(new ArrayBuffer(8));
    views.u32.set([1, 2]);
    assert.deepEqual(codec.decode(views, 0, 8), [1, 2]);
  });
});

describe('records longer than their struct', () => {
  const cases: [type: number, length: number, value: unknown][] = [
    [types.words, 20, { n: N, tail: [0x0605, 0x0807, 0x0a09, 0x0c0b, 0x0e0d, 0x100f] }],
    [point, 12, { x: N, y: 0x0807_0605 }],
    [early, 12, { n: N, none: [], m: 0x0807_0605 }],
    [types.flexText, 4, { n: N, tail: '' }],
    [types.flexText, 7, { n: N, tail: '\x05\x06\x07' }],
    [types.flexText, 3, { n: 0x03_0201, tail: '' }],
    [types.flexWords, 9, { n: N, tail: [0x0605, 0x0807] }],
    [types.flexPoints, 19, { n: N, tail: [{ x: 0x0807_0605, y: 0x0c0b_0a09 }] }],
  ];
  for (const [type, length, value] of cases) {
    it(`${length} bytes of ${btf.describe(type)}`, () => {
      for (const offset of [8, 4, 1]) assert.deepEqual(decode(type, length, offset), value);
    });
  }

  it('says which types are fixed', () => {
    assert.equal(codecOf(btf, types.words).isFixed, true);
    assert.equal(codecOf(btf, types.flexWords).isFixed, false);
  });

  it('writes a flexible array only as far as the type itself reaches', () => {
    const views = new Views(new ArrayBuffer(8));
    const write = (type: number, value: unknown) => codecOf(btf, type).encode(views, 0, value, 'value');
    write(types.flexWords, { n: 1, tail: [] });
    assert.throws(
      () => write(types.flexWords, { n: 1, tail: [1] }),
      /value.tail: 1 elements do not fit unsigned short\[\]; a flexible/,
    );
    assert.throws(
      () => write(types.flexText, { n: 1, tail: 'a' }),
      /value.tail: the string "a" \(1 bytes of UTF-8\) does not fit char\[\]/,
    );
    const other = new BtfBuilder();
    const byte = other.int('unsigned char', 1);
    const padded = other.struct('padded', 8, [
      { name: 'n', type: other.int('unsigned int', 4), offset: 0 },
      { name: 'tail', type: other.array(byte, 0), offset: 40 },
    ]);
    const codec = codecOf(Btf.parse(other.bytes()), padded);
    codec.encode(views, 0, { n: 1, tail: [1, 2, 3] }, 'value');
    assert.deepEqual(codec.decode(views, 0, 8), { n: 1, tail: Uint8Array.of(1, 2, 3) });
    assert.throws(() => codec.encode(views, 0, { tail: [1, 2, 3, 4] }, 'value'), /here 3$/);
  });
});

/** A chunk of frames with the given records. */
function chunkOf(records: readonly Uint8Array[]): Views {
  const sizes = records.map((record) => 8 + ((record.length + 7) & ~7));
  const views = new Views(new ArrayBuffer(sizes.reduce((sum, size) => sum + size, 0)));
  let at = 0;
  records.forEach((record, i) => {
    views.dv.setUint32(at, record.length, true);
    views.u8.set(record, at + 8);
    at += sizes[i] as number;
  });
  return views;
}

describe('chunks of records', () => {
  it('gives each record under the name of its struct, in order, whatever its length', () => {
    const records = [8, 0, 12, 5, 20].map((length) => Uint8Array.from({ length }, (_, i) => i + 1));
    const views = chunkOf(records);
    const events: unknown[] = [];
    recordDecoder(btf, point).eachRecord(views, 0, views.u8.length, 'point', (event) => events.push(event));
    const whole = { x: N, y: 0x0807_0605 };
    assert.deepEqual(events, [
      { point: whole },
      { point: { x: 0, y: 0 } },
      { point: whole },
      { point: { x: N, y: 5 } },
      { point: whole },
    ]);
  });

  it('gives flexible arrays what each record carries, not its padding', () => {
    const views = chunkOf([4, 6, 9, 16].map((length) => new Uint8Array(length)));
    const decoder = recordDecoder(btf, types.flexWords);
    const events = decoder.collect(views, 0, views.u8.length, 'r') as { r: { tail: number[] } }[];
    assert.deepEqual(
      events.map(({ r }) => r.tail.length),
      [0, 1, 2, 6],
    );
  });

  it('gives bytes without a type', () => {
    const views = chunkOf([Uint8Array.of(1, 2, 3), new Uint8Array(0)]);
    const events = rawRecordDecoder().collect(views, 0, views.u8.length, 'data');
    assert.deepEqual(events, [{ data: Uint8Array.of(1, 2, 3) }, { data: new Uint8Array(0) }]);
  });

  it('starts where it is told', () => {
    const views = chunkOf([new Uint8Array(8), Uint8Array.of(9, 0, 0, 0, 0, 0, 0, 0)]);
    assert.deepEqual(recordDecoder(btf, point).collect(views, 16, 32, 'p'), [{ p: { x: 9, y: 0 } }]);
  });

  it('takes any name', () => {
    const views = chunkOf([new Uint8Array(8)]);
    for (const name of ['__proto__', 'a b', '"]: 1, ["', 'event']) {
      const [event] = recordDecoder(btf, point).collect(views, 0, 16, name) as [object];
      assert.deepEqual(Object.entries(event), [[name, { x: 0, y: 0 }]]);
    }
  });

  it('refuses a frame that runs past the chunk, and lets what the sink throws through', () => {
    const views = chunkOf([new Uint8Array(8), new Uint8Array(8)]);
    views.u32[4] = 100;
    const decoder = recordDecoder(btf, point);
    assert.throws(() => decoder.collect(views, 0, 32, 'p'), /record of 100 bytes at 16 runs past the chunk at 32/);
    const error = new Error('mine');
    const sink = () => {
      throw error;
    };
    assert.throws(() => decoder.eachRecord(views, 0, 16, 'p', sink), error);
  });
});

describe('bytes without a type', () => {
  it('are a Uint8Array both ways', () => {
    const codec = rawCodec(6);
    const views = new Views(new ArrayBuffer(8));
    codec.encode(views, 1, [1, 2, 3], 'key');
    assert.deepEqual(codec.decode(views, 1, 7), Uint8Array.of(1, 2, 3, 0, 0, 0));
    assert.throws(() => codec.encode(views, 0, new Uint8Array(7), 'key'), /key: 7 elements do not fit __u8\[6\]/);
    assert.throws(() => codec.encode(views, 0, 5, 'key'), /key: 5 does not go into __u8\[6\]/);
  });
});
