import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { BtfBuilder } from '../../tests/codec/btf-builder.ts';
import { Btf, codecOf, lpmKeyCodec, Views } from './mod.ts';

const b = new BtfBuilder();
const u8 = b.int('unsigned char', 1);
const u32 = b.typedef('__u32', b.int('unsigned int', 4));
const char = b.int('char', 1, 1);
const prefixlen = { name: 'prefixlen', type: u32, offset: 0 };
const plain = b.struct('key', 20, [prefixlen, { name: 'data', type: b.array(u8, 16), offset: 32 }]);
const chars = b.struct('char_key', 20, [prefixlen, { name: 'data', type: b.array(char, 16), offset: 32 }]);
const kernel = b.struct('bpf_lpm_trie_key', 4, [prefixlen, { name: 'data', type: b.array(u8, 0), offset: 32 }]);
const ipv4 = b.struct('ipv4_key', 8, [prefixlen, { name: 'addr', type: u32, offset: 32 }]);
const btf = Btf.parse(b.bytes());

function setUp(type: number | undefined, size: number) {
  const codec = lpmKeyCodec(type === undefined ? undefined : codecOf(btf, type), size);
  const views = new Views(new ArrayBuffer(size + 16));
  const write = (value: unknown): number[] => {
    views.u8.fill(0xee);
    codec.encode(views, 8, value, 'key');
    assert.ok(
      views.u8.subarray(8 + size).every((byte) => byte === 0xee),
      'wrote past the key',
    );
    return [...views.u8.subarray(8, 8 + size)];
  };
  return { codec, write, read: () => codec.decode(views, 8, 8 + size) };
}

function padded(size: number, ...bytes: number[]): number[] {
  return [...bytes, ...new Array<number>(size - bytes.length).fill(0)];
}

describe('keys of LPM tries', () => {
  for (const [what, type, size] of [
    ['a struct of bytes', plain, 20],
    ['a struct of char', chars, 20],
    ["the kernel's own struct", kernel, 20],
    ['no type', undefined, 20],
  ] as const) {
    it(`take both shapes of the documentation: ${what}`, () => {
      const { write, read } = setUp(type, size);
      assert.deepEqual(write('10.0.0.0'), padded(20, 64, 0, 0, 0, 49, 48, 46, 48, 46, 48, 46, 48));
      assert.deepEqual(read(), { prefixlen: 64, data: Uint8Array.from(padded(16, 49, 48, 46, 48, 46, 48, 46, 48)) });
      assert.deepEqual(write({ prefixlen: 24, data: [10, 0, 0, 0] }), padded(20, 24, 0, 0, 0, 10));
      // What was read can be written.
      assert.deepEqual(write(read()), padded(20, 24, 0, 0, 0, 10));
    });
  }

  it('take Latin-1, data as text or typed array, and any integer as prefixlen', () => {
    const { write } = setUp(plain, 20);
    assert.deepEqual(write('é\x00ÿ'), padded(20, 24, 0, 0, 0, 0xe9, 0, 0xff));
    assert.deepEqual(write(''), padded(20));
    assert.deepEqual(write({ prefixlen: 8n, data: 'é' }), padded(20, 8, 0, 0, 0, 0xe9));
    assert.deepEqual(write({ prefixlen: 9, data: Uint8Array.of(1, 2) }), padded(20, 9, 0, 0, 0, 1, 2));
    assert.deepEqual(write({ prefixlen: 0, data: [] }), padded(20));
    assert.deepEqual(write({ prefixlen: 128, data: new Uint8Array(16).fill(1) }), [
      128,
      0,
      0,
      0,
      ...new Array(16).fill(1),
    ]);
  });

  it('with members of their own are read as themselves and written either way', () => {
    const { write, read, codec } = setUp(ipv4, 8);
    assert.equal(codec.size, 8);
    assert.deepEqual(write({ prefixlen: 24, addr: 0x0a }), [24, 0, 0, 0, 10, 0, 0, 0]);
    assert.deepEqual(read(), { prefixlen: 24, addr: 10 });
    assert.deepEqual(write({ prefixlen: 24, data: [10, 0, 0] }), [24, 0, 0, 0, 10, 0, 0, 0]);
    assert.deepEqual(write('\x0a'), [8, 0, 0, 0, 10, 0, 0, 0]);
    assert.throws(
      () => write({ prefixlen: 33, addr: 0 }),
      /^ValueError: key.prefixlen: 33 bits are more than the key's 32$/,
    );
    assert.throws(() => write({ prefixlen: 8, adr: 0 }), /has no member "adr"; did you mean "addr"/);
  });

  const { write } = setUp(plain, 20);
  const wrong: [value: unknown, message: string][] = [
    ['x'.repeat(17), 'key: the string "xxxxxxxxxxxxxxxxx" has 17 characters; the key holds 16 bytes'],
    ['aā', 'key: character "ā" of the string "aā" is not Latin-1; give { prefixlen, data } with the bytes'],
    [{ prefixlen: 129, data: new Uint8Array(16) }, "key.prefixlen: 129 bits are more than the key's 128"],
    [{ prefixlen: -1, data: [] }, 'key.prefixlen: -1 does not fit prefixlen (__u32) (0 to 4294967295)'],
    [{ prefixlen: 25, data: [10, 0, 0] }, 'key.data: 3 bytes are too few for a prefix of 25 bits; give at least 4'],
    [{ prefixlen: 25, data: 'abc' }, 'key.data: 3 bytes are too few for a prefix of 25 bits; give at least 4'],
    [{ prefixlen: 8, data: new Uint8Array(17) }, "key.data: 17 elements do not fit the key's 16 bytes"],
    [{ prefixlen: 8, data: [256] }, 'key.data[0]: 256 does not fit unsigned char (0 to 255)'],
    [{ prefixlen: 8 }, 'key: an object is not an LPM key; it takes a string or { prefixlen, data }'],
    [{ prefixlen: 8, data: [1], more: 1 }, 'key: an LPM key has no member "more"; it has prefixlen, data'],
    [5, 'key: 5 is not an LPM key; it takes a string or { prefixlen, data }'],
    [null, 'key: null is not an LPM key; it takes a string or { prefixlen, data }'],
    [[10, 0, 0, 0], 'key: an array is not an LPM key; it takes a string or { prefixlen, data }'],
  ];
  for (const [value, message] of wrong) {
    it(message, () => assert.throws(() => write(value), { name: 'ValueError', message }));
  }

  it('need room for data', () => {
    assert.throws(() => lpmKeyCodec(undefined, 4), { name: 'BtfError', message: /LPM key of 4 bytes has no data/ });
  });
});
