import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { BtfBuilder } from '../../tests/codec/btf-builder.ts';
import { CLASSIC_LAYOUTS, Kind } from './format.ts';
import { Btf } from './mod.ts';

function sample() {
  const b = new BtfBuilder();
  const u32 = b.typedef('__u32', b.int('unsigned int', 4));
  const char = b.int('char', 1, 1);
  const point = b.struct('point', 8, [
    { name: 'x', type: u32, offset: 0 },
    { name: 'y', type: u32, offset: 32 },
  ]);
  const event = b.struct('event', 40, [
    { name: 'comm', type: b.array(char, 16), offset: 0 },
    { name: 'grid', type: b.array(b.array(u32, 2), 2), offset: 128 },
    { name: 'flag', type: u32, offset: 256, bits: 3 },
    { name: 'at', type: b.ptr(b.modifier(Kind.CONST, point)), offset: 288 },
  ]);
  return { b, u32, char, point, event };
}

describe('names', () => {
  const { b, u32, char, point, event } = sample();
  const handler = b.ptr(b.proto(u32, [b.ptr(point), 0]));
  const cases: [id: number, text: string][] = [
    [0, 'void'],
    [u32, '__u32'],
    [point, 'struct point'],
    [b.array(char, 16), 'char[16]'],
    [b.array(b.array(char, 4), 2), 'char[2][4]'],
    [b.array(u32, 0), '__u32[]'],
    [b.ptr(b.modifier(Kind.CONST, char)), 'const char *'],
    [b.modifier(Kind.CONST, b.ptr(char)), 'char *const'],
    [b.ptr(b.array(u32, 3)), '__u32 (*)[3]'],
    [b.array(b.ptr(u32), 3), '__u32 *[3]'],
    [handler, '__u32 (*)(struct point *, ...)'],
    [b.ptr(b.proto(0, [])), 'void (*)(void)'],
    [b.struct('', 0, []), 'struct {…}'],
    [b.forward('other', true), 'union other'],
    [b.enum('verdict', 4, { PASS: 0 }), 'enum verdict'],
    [b.modifier(Kind.TYPE_TAG, u32, 'user'), '__u32'],
  ];
  const declared = b.typedef('event_t', event);
  const verdict = b.enum('step', 4, { BACK: -1, STAY: 0 }, true);
  const btf = Btf.parse(b.bytes());

  for (const [id, text] of cases) it(text, () => assert.equal(btf.typeName(id), text));

  it('describes a type as its declaration', () => {
    assert.equal(
      btf.describe(event),
      'struct event { char comm[16]; __u32 grid[2][2]; __u32 flag : 3; const struct point *at; }',
    );
    assert.equal(btf.describe(declared), 'typedef struct event event_t');
    assert.equal(btf.describe(verdict), 'enum step { BACK = -1, STAY = 0 }');
    assert.equal(btf.describe(u32), 'typedef unsigned int __u32');
  });

  it('leaves out members that are too many', () => {
    const { b: other } = sample();
    const members = Array.from({ length: 20 }, (_, i) => ({ name: `m${i}`, type: 2, offset: i * 32 }));
    const id = other.struct('many', 80, members);
    const text = Btf.parse(other.bytes()).describe(id);
    assert.match(text, /m15; … }$/);
  });
});

describe('finding', () => {
  it('prefers a struct to a union to a typedef of one', () => {
    const b = new BtfBuilder();
    const int = b.int('int', 4, 1);
    b.typedef('name', int);
    const anonymous = b.struct('', 4, [{ name: 'a', type: int, offset: 0 }]);
    const alias = b.typedef('alias', b.modifier(Kind.CONST, anonymous));
    b.typedef('both', anonymous);
    const union = b.union('both', 4, []);
    b.forward('gone');
    const btf = Btf.parse(b.bytes());
    assert.equal(btf.findStruct('alias'), alias);
    assert.equal(btf.findStruct('both'), union);
    assert.equal(btf.findStruct('name'), undefined);
    assert.equal(btf.findStruct('gone'), undefined);
    assert.deepEqual(btf.listStructs(), ['both', 'alias']);
  });

  it('gives the variables of a section in the order of their offsets, without functions', () => {
    const b = new BtfBuilder();
    const int = b.int('int', 4, 1);
    const late = b.variable('late', int);
    const early = b.variable('early', int);
    const func = b.raw('call', Kind.FUNC, 1, false, b.proto(0, []));
    b.section('.data', 8, [
      { type: late, offset: 4, size: 4 },
      { type: early, offset: 0, size: 4 },
      { type: func, offset: 0, size: 0 },
    ]);
    const btf = Btf.parse(b.bytes());
    assert.deepEqual(btf.section('.data'), {
      name: '.data',
      size: 8,
      vars: [
        { name: 'early', offset: 0, size: 4, typeId: int },
        { name: 'late', offset: 4, size: 4, typeId: int },
      ],
    });
    assert.equal(btf.section('.bss'), undefined);
  });

  it('reads enumerators of both widths and signs', () => {
    const b = new BtfBuilder();
    const signed = b.enum('a', 4, { MINUS: -1 }, true);
    const unsigned = b.enum('b', 4, { ALL: -1 });
    const wide = b.enum64('c', { LOW: -1n, TOP: 1n << 40n }, true);
    const btf = Btf.parse(b.bytes());
    assert.deepEqual(btf.enumerators(signed), [{ name: 'MINUS', value: -1n }]);
    assert.deepEqual(btf.enumerators(unsigned), [{ name: 'ALL', value: 0xffff_ffffn }]);
    assert.deepEqual(btf.enumerators(wide), [
      { name: 'LOW', value: -1n },
      { name: 'TOP', value: 1n << 40n },
    ]);
  });
});

describe('parsing', () => {
  it('copies the bytes', () => {
    const { b, point } = sample();
    const bytes = b.bytes();
    const btf = Btf.parse(bytes);
    bytes.fill(0xff);
    assert.equal(btf.typeName(point), 'struct point');
  });

  it('accepts a view in the middle of a buffer, and an empty BTF', () => {
    const { b, point } = sample();
    const bytes = b.bytes();
    const shifted = new Uint8Array(bytes.length + 7);
    shifted.set(bytes, 3);
    assert.equal(Btf.parse(shifted.subarray(3, 3 + bytes.length)).typeName(point), 'struct point');
    assert.equal(Btf.parse(new BtfBuilder().bytes()).typeCount, 1);
  });

  it('skips a kind that the BTF gives the size of', () => {
    const b = new BtfBuilder();
    b.raw('new', 20, 2, false, 0, 1, 2, 3, 4, 5);
    const int = b.int('int', 4, 1);
    const layouts = CLASSIC_LAYOUTS.map(({ fixed, each }) => [fixed, each] as const);
    const btf = Btf.parse(b.bytes([...layouts, [4, 8]]));
    assert.equal(btf.typeName(int), 'int');
    assert.throws(() => Btf.parse(b.bytes()), { name: 'BtfError', message: 'BTF type 1 has the unknown kind 20' });
  });

  it('refuses a known kind of another size', () => {
    const layouts = CLASSIC_LAYOUTS.map(({ fixed, each }) => [fixed, each] as const);
    layouts[Kind.INT] = [8, 0];
    assert.throws(() => Btf.parse(new BtfBuilder().bytes(layouts)), /BTF kind 1 has 8 \+ n × 0 bytes; expected 4/);
  });

  const edits: [what: string, edit: (view: DataView) => void, message: RegExp][] = [
    ['magic', (view) => view.setUint16(0, 0x1234, true), /^not BTF: magic 0x1234 instead of 0xeb9f$/],
    ['byte order', (view) => view.setUint16(0, 0xeb9f, false), /big-endian/],
    ['version', (view) => view.setUint8(2, 2), /version 2 is not supported/],
    ['header length', (view) => view.setUint32(4, 8, true), /header length 8 is outside/],
    ['huge header', (view) => view.setUint32(4, 0xffff_ffff, true), /header length 4294967295 is outside/],
    ['type section', (view) => view.setUint32(12, 0xffff_ffff, true), /type section .* runs past the end/],
    ['type offset', (view) => view.setUint32(8, 0xffff_fff0, true), /type section .* runs past the end/],
    ['string section', (view) => view.setUint32(20, 0xffff_ffff, true), /string section .* runs past the end/],
    ['no strings', (view) => view.setUint32(20, 0, true), /does not start and end with a NUL/],
    ['strings', (view) => view.setUint8(view.byteLength - 1, 65), /does not start and end with a NUL/],
    ['name', (view) => view.setUint32(24, 0x7fff_ffff, true), /type 1 has a name at 2147483647, past the strings/],
    ['kind', (view) => view.setUint32(28, 0x1e00_0000, true), /type 1 has the unknown kind 30/],
    ['void', (view) => view.setUint32(28, 0, true), /type 1 has the unknown kind 0/],
    ['count', (view) => view.setUint32(28, 0x0400_ffff, true), /type 1 \(kind 4, 65535 parts\) is cut off/],
  ];
  for (const [what, edit, message] of edits) {
    it(`refuses a wrong ${what}`, () => {
      const bytes = sample().b.bytes();
      edit(new DataView(bytes.buffer));
      assert.throws(() => Btf.parse(bytes), { name: 'BtfError', message });
    });
  }

  it('refuses each kind of reference out of range', () => {
    const far = 99;
    const makers: ((b: BtfBuilder) => void)[] = [
      (b) => b.ptr(far),
      (b) => b.typedef('t', far),
      (b) => b.array(far, 1),
      (b) => b.struct('s', 4, [{ name: 'a', type: far, offset: 0 }]),
      (b) => b.union('u', 4, [{ name: 'a', type: far, offset: 0 }]),
      (b) => b.proto(far, []),
      (b) => b.proto(0, [far]),
      (b) => b.variable('v', far),
      (b) => b.section('.data', 4, [{ type: far, offset: 0, size: 4 }]),
      (b) => b.modifier(Kind.TYPE_TAG, far),
    ];
    for (const make of makers) {
      const b = new BtfBuilder();
      make(b);
      assert.throws(() => Btf.parse(b.bytes()), {
        name: 'BtfError',
        message: 'BTF type 1 refers to type 99; the last one is 1',
      });
    }
  });

  it('answers for no type outside', () => {
    const btf = Btf.parse(sample().b.bytes());
    for (const id of [-1, 1000, 1.5, Number.NaN]) {
      assert.throws(() => btf.typeName(id), { name: 'BtfError', message: /there is no type/ });
    }
  });
});
