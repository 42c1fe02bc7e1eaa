import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { inspect } from 'node:util';
import { BtfBuilder } from '../../tests/codec/btf-builder.ts';
import { page, stored } from './docs.ts';
import { Kind } from './format.ts';
import { Btf, codecOf, Views } from './mod.ts';
import { type RowId, table } from './table.ts';

interface Case {
  readonly type: number;
  /** What to write; or, where a row cannot be written, the bytes. */
  readonly write?: unknown;
  readonly bytes?: readonly number[];
  /** Where the example is one member of a struct. */
  readonly member?: string;
  readonly rejects: unknown;
}

/** The C declaration of each row's example, built by hand, and a value that it must refuse. */
const cases: Record<RowId, (b: BtfBuilder) => Case> = {
  int: (b) => ({ type: b.typedef('__u16', b.int('unsigned short', 2)), write: 443n, rejects: 65536 }),
  long: (b) => ({ type: b.int('unsigned long long', 8), write: 5, rejects: 0.5 }),
  int128: (b) => ({ type: b.int('unsigned __int128', 16), write: 5n, rejects: 5 }),
  bool: (b) => ({ type: b.int('_Bool', 1, 4), write: 1, rejects: 2 }),
  enum: (b) => ({ type: b.enum('', 4, { PASS: 0, DROP: 1 }), write: 1n, rejects: 'DROP' }),
  enum64: (b) => ({ type: b.enum64('big', { TOP: 1n << 40n }), write: 2 ** 40, rejects: 2 ** 60 }),
  pointer: (b) => ({ type: b.ptr(0), write: 0, rejects: -1n }),
  float: (b) => ({ type: b.float('double', 8), write: 0.5, rejects: 1n }),
  floatBytes: (b) => ({ type: b.float('_Float16', 2), write: [0, 60], rejects: 1 }),
  chars: (b) => ({ type: b.array(b.int('char', 1, 1), 16), write: 'bash', rejects: 'x'.repeat(17) }),
  bytes: (b) => ({ type: b.array(b.int('unsigned char', 1), 6), write: [2], rejects: [256] }),
  signedBytes: (b) => ({ type: b.array(b.int('signed char', 1, 1), 2), write: [-1, 1], rejects: [128] }),
  array: (b) => {
    const row = b.array(b.int('int', 4, 1), 2);
    return { type: b.array(row, 2), write: [new Int16Array([1, 2]), [3, 4]], rejects: [1, 2] };
  },
  flexible: (b) => {
    const u32 = b.int('unsigned int', 4);
    const type = b.struct('s', 4, [
      { name: 'n', type: u32, offset: 0 },
      { name: 'stack', type: b.array(u32, 0), offset: 32 },
    ]);
    return { type, bytes: [2, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0], member: 'stack', rejects: { stack: [1] } };
  },
  struct: (b) => {
    const int = b.int('int', 4, 1);
    const inner = b.struct('', 4, [{ name: 'b', type: int, offset: 0 }]);
    const type = b.struct('', 8, [
      { name: 'a', type: int, offset: 0 },
      { name: '', type: inner, offset: 32 },
    ]);
    return { type, write: {}, rejects: { c: 1 } };
  },
  union: (b) => {
    const type = b.union('', 4, [
      { name: 'v4', type: b.int('unsigned int', 4), offset: 0 },
      { name: 'b', type: b.array(b.int('unsigned char', 1), 4), offset: 0 },
    ]);
    return { type, write: { b: [] }, rejects: {} };
  },
  bitField: (b) => {
    const type = b.struct('', 4, [{ name: 'dscp', type: b.int('unsigned int', 4), offset: 2, bits: 6 }]);
    return { type, write: { dscp: 46 }, member: 'dscp', rejects: { dscp: 64 } };
  },
  transparent: (b) => {
    const u32 = b.typedef('__u32', b.int('unsigned int', 4));
    return { type: b.modifier(Kind.VOLATILE, b.modifier(Kind.CONST, u32)), write: 7, rejects: -1 };
  },
  none: (b) => {
    const type = b.struct('', 4, [
      { name: 'n', type: b.int('int', 4, 1), offset: 0 },
      { name: 'x', type: b.forward('unknown_here'), offset: 32 },
    ]);
    return { type, write: { x: undefined }, member: 'x', rejects: { x: 0 } };
  },
};

describe('each row of the table', () => {
  for (const [row, make] of Object.entries(cases)) {
    const { example, c } = table[row as RowId];
    const builder = new BtfBuilder();
    const { type, write, bytes, member, rejects } = make(builder);
    const codec = codecOf(Btf.parse(builder.bytes()), type);
    const views = new Views(new ArrayBuffer(Math.max(codec.size, bytes?.length ?? 0)));

    it(`${c}: ${example[0]} is ${example[1]}`, () => {
      if (bytes === undefined) codec.encode(views, 0, write, 'value');
      else views.u8.set(bytes);
      const value = codec.decode(views, 0, views.u8.length);
      const shown = member === undefined ? value : (value as Record<string, unknown>)[member];
      assert.equal(compact(inspect(shown)), example[1]);
    });

    it(`${c}: refuses ${inspect(rejects)}`, () => {
      assert.throws(() => codec.encode(views, 0, rejects, 'value'), { name: 'ValueError', message: /^value/ });
    });
  }
});

/** As the examples are written: double quotes, no lengths, no space inside brackets. */
function compact(text: string): string {
  return text
    .replaceAll("'", '"')
    .replace(/Array\(\d+\)/, 'Array')
    .replaceAll('[ ', '[')
    .replaceAll(' ]', ']');
}

it('docs/btf-to-js.md is what the table says (node --import tsx js/btf/docs.ts --bless writes it)', () => {
  assert.equal(stored(), page());
});
