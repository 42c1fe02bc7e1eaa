import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { BtfBuilder } from '../../tests/codec/btf-builder.ts';
import { readObject } from '../../tests/codec/elf.ts';
import { Random } from '../../tests/codec/random.ts';
import { Btf, type SectionCodec, type Store, sectionCodec, Views } from './mod.ts';

/** What the runtime does with stores. */
function apply(views: Views, stores: readonly Store[]): void {
  for (const { offset, bytes, mask } of stores) {
    assert.ok(offset >= 0 && offset + bytes.length <= views.u8.length, 'store outside the section');
    bytes.forEach((byte, i) => {
      const bits = mask?.[i] ?? 0xff;
      views.u8[offset + i] = ((views.u8[offset + i] as number) & ~bits) | (byte & bits);
    });
    if (mask !== undefined) {
      assert.ok(
        [1, 2, 4, 8].includes(bytes.length) && offset % bytes.length === 0,
        'a masked store is an aligned word',
      );
      assert.equal(mask.length, bytes.length);
    }
  }
}

function made() {
  const b = new BtfBuilder();
  const u8 = b.int('unsigned char', 1);
  const u16 = b.int('unsigned short', 2);
  const u32 = b.typedef('__u32', b.int('unsigned int', 4));
  const u64 = b.typedef('__u64', b.int('unsigned long long', 8));
  const char = b.int('char', 1, 1);
  const point = b.struct('point', 8, [
    { name: 'x', type: u32, offset: 0 },
    { name: 'y', type: u32, offset: 32 },
  ]);
  const flags = b.struct('flags', 8, [
    { name: 'a', type: u32, offset: 0, bits: 3 },
    { name: 'b', type: u32, offset: 3, bits: 7 },
    { name: 'c', type: u32, offset: 10, bits: 22 },
    { name: 'd', type: u32, offset: 37, bits: 1 },
    { name: 'e', type: u32, offset: 38, bits: 2 },
  ]);
  const split = b.struct('split', 16, [{ name: 'wide', type: u64, offset: 36, bits: 64 }]);
  const number = b.union('number', 8, [
    { name: 'u', type: u64, offset: 0 },
    { name: 'point', type: point, offset: 0 },
  ]);
  const flexible = b.struct('flexible', 4, [
    { name: 'n', type: u32, offset: 0 },
    { name: 'list', type: b.array(u16, 0), offset: 32 },
  ]);
  const names = b.struct('names', 12, [
    { name: 'toString', type: u32, offset: 0 },
    { name: 'a', type: u32, offset: 32 },
    { name: '__proto__', type: u32, offset: 64 },
  ]);
  // The smallest aligned word around these bits would reach past the section.
  const edge = b.struct('edge', 3, [{ name: 'bits', type: u16, offset: 12, bits: 9 }]);
  const vars: [name: string, type: number, offset: number, size: number][] = [
    ['count', u64, 0, 8],
    ['pid', u32, 8, 4],
    ['on', b.int('_Bool', 1, 4), 12, 1],
    ['name', b.array(char, 8), 16, 8],
    ['mac', b.array(u8, 6), 24, 6],
    ['table', b.array(u32, 4), 32, 16],
    ['origin', point, 48, 8],
    ['path', b.array(point, 2), 56, 16],
    ['flags', flags, 72, 8],
    ['number', number, 80, 8],
    ['split', split, 88, 16],
    ['tail', flexible, 104, 8],
    ['constructor', u32, 112, 4],
    ['__proto__', u32, 116, 4],
    ['names', names, 120, 12],
    ['edge', edge, 132, 3],
  ];
  const entries = vars.map(([name, type, offset, size]) => ({ type: b.variable(name, type), offset, size }));
  b.section('.data', 135, entries);
  const btf = Btf.parse(b.bytes());
  const section = btf.section('.data');
  assert.ok(section);
  const codec = sectionCodec(btf, section);
  const views = new Views(new ArrayBuffer(135));
  return { codec, views };
}

/** The offsets of the bits that a patch changed in a section full of ones and in one full of zeroes. */
function touched(codec: SectionCodec, name: string | undefined, value: unknown): string[] {
  const bits = new Set<string>();
  for (const fill of [0, 0xff]) {
    const views = new Views(new ArrayBuffer(codec.size));
    views.u8.fill(fill);
    apply(views, codec.lower(name, value));
    views.u8.forEach((byte, i) => {
      for (let bit = 0; bit < 8; bit++) if (((byte ^ fill) >> bit) & 1) bits.add(`${i}.${bit}`);
    });
  }
  return [...bits].sort((a, b) => Number.parseFloat(a) - Number.parseFloat(b));
}

/** All bits of some bytes. */
function bytes(start: number, end: number): string[] {
  return Array.from({ length: (end - start) * 8 }, (_, i) => `${start + (i >> 3)}.${i & 7}`);
}

describe('reading a section', () => {
  it('gives every variable, whole or by name', () => {
    const { codec, views } = made();
    views.u64[0] = 5n;
    views.u8.set(new TextEncoder().encode('hello'), 16);
    views.u16.set([7, 8], 54);
    views.u32.set([3, 4], 28);
    const all = codec.read(views);
    assert.deepEqual(Object.keys(all), [...codec.names]);
    assert.equal(all.count, 5n);
    assert.equal(all.name, 'hello');
    assert.deepEqual(all.tail, { n: 0, list: [7, 8] });
    assert.equal(all.constructor, 3);
    for (const name of codec.names) {
      assert.deepEqual(codec.readVar(views, name), Object.getOwnPropertyDescriptor(all, name)?.value, name);
      assert.ok(codec.has(name));
    }
    assert.equal(codec.readVar(views, '__proto__'), 4);
    assert.equal(codec.readVar(views, 'toString'), undefined);
    assert.equal(codec.has('toString'), false);
  });
});

describe('patching a section', () => {
  const { codec } = made();
  const cases: [name: string, value: unknown, bits: string[]][] = [
    ['count', 5n, bytes(0, 8)],
    ['pid', 7, bytes(8, 12)],
    ['on', true, bytes(12, 13)],
    ['name', 'ab', bytes(16, 24)],
    ['name', [65], bytes(16, 17)],
    ['mac', Uint8Array.of(1, 2), bytes(24, 26)],
    ['mac', 'ab', bytes(24, 30)],
    ['table', [1, 2], bytes(32, 40)],
    ['table', [undefined, 2], bytes(36, 40)],
    ['table', new Uint32Array(4), bytes(32, 48)],
    ['origin', { y: 1 }, bytes(52, 56)],
    ['origin', {}, []],
    ['path', [undefined, { x: 3 }], bytes(64, 68)],
    ['number', { u: 1n }, bytes(80, 88)],
    ['number', { point: { y: 1 } }, bytes(84, 88)],
    ['flags', { a: 1 }, ['72.0', '72.1', '72.2']],
    ['flags', { d: 1 }, ['76.5']],
    ['flags', { b: 1 }, ['72.3', '72.4', '72.5', '72.6', '72.7', '73.0', '73.1']],
    ['constructor', 1, bytes(112, 116)],
    ['names', { a: 1 }, bytes(124, 128)],
    ['names', { toString: 1 }, bytes(120, 124)],
    ['names', JSON.parse('{ "__proto__": 1 }'), bytes(128, 132)],
    ['edge', { bits: 1 }, [...bytes(133, 134).slice(4), ...bytes(134, 135).slice(0, 5)]],
  ];
  for (const [name, value, bits] of cases) {
    it(`${name} = ${JSON.stringify(value, (_, v) => (typeof v === 'bigint' ? `${v}n` : v))} touches only what it names`, () => {
      // Zeroes and ones together show every bit that is written, whatever its value.
      assert.deepEqual(touched(codec, name, value), bits);
    });
  }

  it('makes one store of each scalar, and one of bit fields that share their smallest word', () => {
    assert.deepEqual(
      codec.lower('table', [1, 2, 3]).map(({ offset, bytes: { length } }) => [offset, length]),
      [
        [32, 4],
        [36, 4],
        [40, 4],
      ],
    );
    assert.deepEqual(codec.lower('flags', { d: 1, e: 2 }), [
      { offset: 76, bytes: Uint8Array.of(0b1010_0000), mask: Uint8Array.of(0b1110_0000) },
    ]);
  });

  it('writes bit fields across words, and reads back what it wrote', () => {
    const { views } = made();
    const random = new Random(2);
    for (let i = 0; i < 200; i++) {
      const wide = random.bits(64, false);
      const flags = {
        a: random.below(8),
        b: random.below(128),
        c: random.below(1 << 22),
        d: random.below(2),
        e: random.below(4),
      };
      views.u8.set(random.bytes(views.u8.length));
      const before = codec.read(views);
      apply(views, codec.lower(undefined, { split: { wide }, flags }));
      assert.deepEqual(codec.read(views), { ...before, split: { wide }, flags });
    }
  });

  it('takes several variables at once, of which undefined ones are left', () => {
    const { views } = made();
    apply(views, codec.lower(undefined, { pid: 7, on: 1, origin: { x: 2 }, count: undefined }));
    const { pid, on, origin, count } = codec.read(views);
    assert.deepEqual({ pid, on, origin, count }, { pid: 7, on: true, origin: { x: 2, y: 0 }, count: 0n });
  });

  const wrong: [name: string | undefined, value: unknown, message: string][] = [
    ['pids', 1, '.data has no variable "pids"; did you mean "pid"?'],
    [
      'toString',
      1,
      '.data has no variable "toString"; it has count, pid, on, name, mac, table, origin, path, flags, number, split, tail, constructor, __proto__, names, edge',
    ],
    [undefined, { pid: 1, nam: 'x' }, '.data has no variable "nam"; did you mean "name"?'],
    [undefined, 5, '.data: 5 is not an object of variables and their values'],
    [undefined, new Map(), '.data: an object without members names no variables'],
    ['pid', undefined, 'pid: undefined does not go into __u32; it takes a number, or a BigInt in range'],
    ['pid', -1, 'pid: -1 does not fit __u32 (0 to 4294967295)'],
    ['origin', { z: 1 }, 'origin: struct point has no member "z"; it has x, y'],
    [
      'origin',
      5,
      'origin: 5 does not go into struct point; it takes an object; missing members are zero, unknown members reject',
    ],
    ['path', [{}, { y: 1.5 }], 'path[1].y: 1.5 is not an integer; it takes a number, or a BigInt in range'],
    ['path', [{}, {}, {}], 'path: 3 elements do not fit struct point[2]'],
    ['flags', { a: 8 }, 'flags.a: 8 does not fit __u32 : 3 (0 to 7)'],
    ['number', {}, 'number: union number takes exactly one of its members u, point'],
    ['number', { u: 1n, point: {} }, 'number: "u" and "point" are members of one union, which takes exactly one'],
    ['name', 'too long!', 'name: the string "too long!" (9 bytes of UTF-8) does not fit char[8]'],
    [undefined, { pid: 1, origin: { x: -1 } }, 'origin.x: -1 does not fit __u32 (0 to 4294967295)'],
  ];
  for (const [name, value, message] of wrong) {
    it(message, () => assert.throws(() => codec.lower(name, value), { name: 'ValueError', message }));
  }
});

describe('sections that are wrong', () => {
  const b = new BtfBuilder();
  const u32 = b.int('unsigned int', 4);
  const variable = b.variable('v', u32);
  const define = (name: string, size: number, entry: { offset: number; size: number }) =>
    b.section(name, size, [{ type: variable, ...entry }]);
  define('.raw', 0, { offset: 0, size: 4 });
  define('.short', 4, { offset: 2, size: 4 });
  define('.narrow', 4, { offset: 0, size: 2 });
  const btf = Btf.parse(b.bytes());
  const codecFor = (name: string) => {
    const section = btf.section(name);
    assert.ok(section);
    return sectionCodec(btf, section);
  };

  it('are refused', () => {
    assert.throws(() => codecFor('.raw'), { name: 'BtfError', message: /no size: its BTF was not fixed up by libbpf/ });
    assert.throws(() => codecFor('.short'), {
      name: 'BtfError',
      message: /variable v ends outside the 4 bytes of .short/,
    });
    const narrow = codecFor('.narrow');
    const views = new Views(new ArrayBuffer(4));
    assert.throws(() => narrow.readVar(views, 'v'), {
      name: 'BtfError',
      message: /v of .narrow has 2 bytes, its type 4/,
    });
  });
});

describe('sections of a compiled object', () => {
  const { btf, section } = readObject(readFileSync(join(import.meta.dirname, '../../tests/codec/shapes.bpf.o')));
  const open = (name: string) => {
    const { section: data, bytes: initial } = section(name);
    return { codec: sectionCodec(btf, data), views: new Views(Uint8Array.from(initial).buffer) };
  };

  it('has its initial values', () => {
    const data = open('.data');
    const { origin, flags, greeting, either, enabled } = data.codec.read(data.views);
    assert.deepEqual(origin, { from: { x: 0, y: 0 }, to: { x: 0, y: 0 }, colour: 3 });
    assert.deepEqual(flags, { a: 1, b: 0, c: 0, d: 9, e: 0, f: 0 });
    assert.equal(greeting, 'hello');
    assert.deepEqual(either, { u: 5n, s: 5n, b: Uint8Array.of(5, 0, 0, 0, 0, 0, 0, 0), half: { low: 5, high: 0 } });
    assert.equal(enabled, true);
    const rodata = open('.rodata');
    assert.equal(rodata.codec.readVar(rodata.views, 'target_pid'), 7);
    assert.equal(rodata.codec.readVar(rodata.views, 'prefix'), 'ab');
    const bss = open('.bss');
    assert.deepEqual(bss.codec.read(bss.views), { counter: 0n, hits: [0, 0, 0, 0] });
  });
});

it('a variable whose type the compiler left out reads as undefined beside the others, and refuses to be written', () => {
  const b = new BtfBuilder();
  const int = b.int('int', 4, 1);
  const vars = [
    { type: b.variable('x', int), offset: 0, size: 4 },
    { type: b.variable('y', 0), offset: 4, size: 4 },
  ];
  b.section('.data', 8, vars);
  const btf = Btf.parse(b.bytes());
  const section = btf.section('.data');
  assert.ok(section);
  const codec = sectionCodec(btf, section);
  const views = new Views(new Uint8Array([7, 0, 0, 0, 9, 0, 0, 0]).buffer);
  assert.deepEqual(codec.read(views), { x: 7, y: undefined });
  assert.equal(codec.readVar(views, 'y'), undefined);
  assert.throws(() => codec.lower('y', 1), /y: /);
});
