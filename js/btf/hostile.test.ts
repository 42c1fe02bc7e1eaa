import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { BtfBuilder } from '../../tests/codec/btf-builder.ts';
import { readObject } from '../../tests/codec/elf.ts';
import { Random } from '../../tests/codec/random.ts';
import { Kind } from './format.ts';
import { Btf, BtfError, codecOf, Views } from './mod.ts';

/** Everything that a reader may ask of a BTF. Only a BtfError may come out. */
function useAll(bytes: Uint8Array): void {
  let btf: Btf;
  try {
    btf = Btf.parse(bytes);
  } catch (error) {
    if (error instanceof BtfError) return;
    throw error;
  }
  btf.listStructs();
  btf.section('.maps');
  for (let id = 0; id < btf.typeCount; id++) {
    btf.describe(id);
    try {
      const codec = codecOf(btf, id);
      if (codec.size > 4096) continue;
      const views = new Views(new ArrayBuffer(codec.size));
      codec.decode(views, 0, codec.size);
    } catch (error) {
      if (!(error instanceof BtfError)) throw error;
    }
  }
}

function fixture(): Uint8Array {
  const file = readFileSync(join(import.meta.dirname, '../../tests/codec/shapes.bpf.o'));
  return Uint8Array.from(readObject(file).btfBytes);
}

function small(): Uint8Array {
  const b = new BtfBuilder();
  const int = b.int('int', 4, 1);
  const inner = b.struct('', 8, [
    { name: 'a', type: int, offset: 0 },
    { name: 'b', type: b.array(int, 1), offset: 32 },
  ]);
  b.struct('s', 16, [
    { name: '', type: inner, offset: 0 },
    { name: 'bits', type: int, offset: 64, bits: 7 },
  ]);
  b.section('.data', 4, [{ type: b.variable('v', int), offset: 0, size: 4 }]);
  return b.bytes();
}

describe('hostile BTF', () => {
  it('is refused when cut off at any byte', () => {
    const bytes = small();
    for (let length = 0; length < bytes.length; length++) {
      assert.throws(() => Btf.parse(bytes.subarray(0, length)), BtfError, `${length} bytes`);
    }
  });

  it('gives BtfErrors at worst with any single byte changed', () => {
    const bytes = small();
    for (let at = 0; at < bytes.length; at++) {
      const before = bytes[at] as number;
      for (const value of [0, 1, 0x7f, 0x80, 0xff, before ^ 1]) {
        bytes[at] = value;
        useAll(bytes);
      }
      bytes[at] = before;
    }
  });

  it('gives BtfErrors at worst with random words of a compiled object changed', () => {
    const bytes = fixture();
    const random = new Random(11);
    const view = new DataView(bytes.buffer);
    for (let i = 0; i < 300; i++) {
      const at = 24 + 4 * random.below(view.getUint32(16, true) / 4);
      const before = view.getUint32(at, true);
      view.setUint32(at, random.pick([random.u32(), random.below(400), before ^ (1 << random.below(32))]) >>> 0, true);
      useAll(bytes);
      view.setUint32(at, before, true);
    }
  });

  const refused: [what: string, make: (b: BtfBuilder) => number, message: RegExp][] = [
    ['a struct in itself', (b) => b.struct('s', 8, [{ name: 'a', type: 1, offset: 0 }]), /struct s contains itself/],
    ['an array of itself', (b) => b.array(1, 2), /contains itself/],
    ['a typedef of itself', (b) => b.typedef('t', 1), /chain of more than 32 typedefs/],
    [
      'two structs in each other',
      (b) => {
        b.struct('a', 8, [{ name: 'b', type: 2, offset: 0 }]);
        return b.struct('b', 8, [{ name: 'a', type: 1, offset: 0 }]);
      },
      /struct b contains itself/,
    ],
    ['nesting without end', (b) => nested(b, 40), /nested deeper than 32 levels/],
    [
      'an array of arrays of 4 G elements',
      (b) => b.array(b.array(b.struct('e', 0, []), 0xffff_ffff), 0xffff_ffff),
      /holds 4294967295 values; at most 16777216/,
    ],
    ['an array of 4 GiB', (b) => b.array(b.int('char', 1, 1), 0xffff_ffff), /4294967295 bytes is too large/],
    ['unions that multiply', (b) => multiplied(b, 30), /holds \d+ values; at most/],
    [
      'a member outside its struct',
      (b) => b.struct('s', 4, [{ name: 'a', type: b.int('int', 4, 1), offset: 8 }]),
      /struct s: member a at 1 ends outside its 4 bytes/,
    ],
    [
      'a bit field outside its struct',
      (b) => b.struct('s', 1, [{ name: 'a', type: b.int('int', 4, 1), offset: 5, bits: 4 }]),
      /struct s: member a at 0 ends outside its 1 bytes/,
    ],
    [
      'a bit field wider than its type',
      (b) => b.struct('s', 8, [{ name: 'a', type: b.int('short', 2, 1), offset: 0, bits: 17 }]),
      /struct s: member a has 17 bits of a type of 2 bytes/,
    ],
    [
      'a bit field of a pointer',
      (b) => b.struct('s', 8, [{ name: 'a', type: b.ptr(0), offset: 0, bits: 7 }]),
      /struct s: member a is a bit field of void \*, which is not an integer/,
    ],
    ['an integer of 0 bytes', (b) => b.int('none', 0, 0, 0), /none has 0 bytes; an integer has 1 to 16/],
    ['an integer of 17 bytes', (b) => b.int('big', 17, 0, 136), /big has 17 bytes/],
    ['an integer with more bits than bytes', (b) => b.int('odd', 1, 0, 9), /odd has 0 \+ 9 bits in 1 bytes/],
    ['an enum of 3 bytes', (b) => b.enum('e', 3, {}), /enum e has 3 bytes/],
    ['a float of 5 bytes', (b) => b.float('f', 5), /f has 5 bytes/],
    ['void', () => 0, /void has no values/],
    ['a section', (b) => b.section('.data', 0, []), /is not the type of a value/],
  ];
  for (const [what, make, message] of refused) {
    it(`refuses ${what}`, () => {
      const b = new BtfBuilder();
      const id = make(b);
      const btf = Btf.parse(b.bytes());
      const before = performance.now();
      assert.throws(() => codecOf(btf, id), { name: 'BtfError', message });
      // And again, from whatever the first attempt left behind.
      assert.throws(() => codecOf(btf, id), { name: 'BtfError', message });
      btf.describe(id);
      assert.ok(performance.now() - before < 1000, 'took a second');
    });
  }

  it('follows no pointer, so cycles through them are fine', () => {
    const b = new BtfBuilder();
    b.ptr(2);
    const list = b.struct('list', 8, [{ name: 'next', type: 1, offset: 0 }]);
    assert.equal(codecOf(Btf.parse(b.bytes()), list).size, 8);
  });

  it('names prototypes within prototypes in bounded time', () => {
    const b = new BtfBuilder();
    const self = 1;
    b.raw('', Kind.FUNC_PROTO, 200, false, self, ...Array.from({ length: 400 }, (_, i) => (i % 2 ? self : 0)));
    const before = performance.now();
    assert.match(Btf.parse(b.bytes()).typeName(self), /…/);
    assert.ok(performance.now() - before < 1000, 'took a second');
  });

  it('reads names that are code as names', () => {
    const b = new BtfBuilder();
    const int = b.int('int', 4, 1);
    const names = [
      '"]: 0 }; throw 1; ({ ["',
      '`$' + '{process.exit()}`',
      '\\',
      '\n',
      '\u2028',
      '__proto__',
      'constructor',
      '0',
      '',
    ];
    const named = names.slice(0, -1);
    const members = names.map((name, i) => ({ name, type: int, offset: i * 32 }));
    const id = b.struct('"]; throw 1; //', names.length * 4, members);
    const codec = codecOf(Btf.parse(b.bytes()), id);
    const views = new Views(new ArrayBuffer(codec.size));
    const value = Object.fromEntries(named.map((name, i) => [name, i + 1]));
    codec.encode(views, 0, value, 'value');
    const read = codec.decode(views, 0, codec.size) as object;
    assert.deepEqual(Object.keys(read).sort(), [...named].sort());
    assert.deepEqual(Object.entries(read).sort(), Object.entries(value).sort());
    assert.equal(Object.getPrototypeOf(read), Object.prototype);
  });

  it('keeps the later of two members with one name', () => {
    const b = new BtfBuilder();
    const int = b.int('int', 4, 1);
    const id = b.struct('s', 8, [
      { name: 'a', type: int, offset: 0 },
      { name: 'a', type: int, offset: 32 },
    ]);
    const codec = codecOf(Btf.parse(b.bytes()), id);
    const views = new Views(new ArrayBuffer(8));
    codec.encode(views, 0, { a: 5 }, 'value');
    assert.deepEqual([...views.u32], [0, 5]);
    assert.deepEqual(codec.decode(views, 0, 8), { a: 5 });
  });
});

function nested(b: BtfBuilder, levels: number): number {
  let id = b.int('int', 4, 1);
  for (let i = 0; i < levels; i++) id = b.struct(`s${i}`, 4, [{ name: 'in', type: id, offset: 0 }]);
  return id;
}

/** Each level holds the one below twice. */
function multiplied(b: BtfBuilder, levels: number): number {
  let id = b.int('int', 4, 1);
  for (let i = 0; i < levels; i++) {
    id = b.union('', 4, [
      { name: `a${i}`, type: id, offset: 0 },
      { name: `b${i}`, type: id, offset: 0 },
    ]);
  }
  return id;
}
