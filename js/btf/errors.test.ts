import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { BtfBuilder } from '../../tests/codec/btf-builder.ts';
import { Btf, codecOf, Views } from './mod.ts';

/** What a script gets to read when a value does not fit. */

const b = new BtfBuilder();
const u8 = b.typedef('__u8', b.int('unsigned char', 1));
const u16 = b.typedef('__u16', b.int('unsigned short', 2));
const s16 = b.typedef('__s16', b.int('short', 2, 1));
const u32 = b.typedef('__u32', b.int('unsigned int', 4));
const u64 = b.typedef('__u64', b.int('unsigned long long', 8));
const s64 = b.typedef('__s64', b.int('long long', 8, 1));
const u128 = b.int('unsigned __int128', 16);
const bool = b.int('_Bool', 1, 4);
const char = b.int('char', 1, 1);
const s8 = b.typedef('__s8', b.int('signed char', 1, 1));
const float = b.float('float', 4);
const half = b.float('_Float16', 2);
const address = b.struct('address', 24, [
  { name: 'family', type: u16, offset: 0 },
  { name: 'port', type: u16, offset: 16 },
  { name: 'bytes', type: b.array(u8, 4), offset: 32 },
  { name: 'delta', type: b.array(s8, 4), offset: 64 },
  { name: 'stack', type: b.array(u32, 3), offset: 96 },
]);
const number = b.union('number', 8, [
  { name: 'u', type: u64, offset: 0 },
  { name: 's', type: s64, offset: 0 },
]);
const either = b.union('', 8, [
  { name: 'raw', type: u64, offset: 0 },
  {
    name: '',
    type: b.struct('', 8, [
      { name: 'low', type: u32, offset: 0 },
      { name: 'high', type: u32, offset: 32 },
    ]),
    offset: 0,
  },
]);
const value = b.struct('value', 160, [
  { name: 'addr', type: address, offset: 0 },
  { name: 'pid', type: u32, offset: 192 },
  { name: 'code', type: s16, offset: 224 },
  { name: 'on', type: bool, offset: 240 },
  { name: 'ts', type: u64, offset: 256 },
  { name: 'delta', type: s64, offset: 320 },
  { name: 'id', type: u128, offset: 384 },
  { name: 'comm', type: b.array(char, 8), offset: 512 },
  { name: 'load', type: float, offset: 576 },
  { name: 'half', type: half, offset: 608 },
  { name: 'list', type: b.array(address, 2), offset: 640 },
  { name: 'number', type: number, offset: 1024 },
  { name: '', type: either, offset: 1088 },
  { name: 'next', type: b.ptr(0), offset: 1152 },
  { name: 'gone', type: b.forward('gone'), offset: 1280 },
]);
const bits = b.struct('bits', 4, [
  { name: 'prio', type: u32, offset: 0, bits: 3 },
  { name: 'sign', type: s16, offset: 3, bits: 4 },
  { name: 'flag', type: bool, offset: 8, bits: 1 },
]);
const btf = Btf.parse(b.bytes());

function messageOf(type: number, wrong: unknown): string {
  const codec = codecOf(btf, type);
  const views = new Views(new ArrayBuffer(codec.size));
  try {
    codec.encode(views, 0, wrong, 'value');
  } catch (error) {
    assert.equal((error as Error).name, 'ValueError', String((error as Error).stack));
    return (error as Error).message;
  }
  assert.fail(`was accepted: ${String(wrong)}`);
}

function detached(): Uint8Array {
  const bytes = new Uint8Array(4);
  structuredClone(bytes.buffer, { transfer: [bytes.buffer] });
  return bytes;
}

const INT = 'it takes a number, or a BigInt in range';
const LONG = 'it takes a BigInt, or a safe-integer number';
const OBJECT = 'it takes an object; missing members are zero, unknown members reject';

const wrong: [value: unknown, message: string][] = [
  // Integers.
  [{ addr: { port: 70000 } }, 'value.addr.port: 70000 does not fit __u16 (0 to 65535)'],
  [{ addr: { port: -1 } }, 'value.addr.port: -1 does not fit __u16 (0 to 65535)'],
  [{ addr: { port: 70000n } }, 'value.addr.port: 70000n does not fit __u16 (0 to 65535)'],
  [{ code: 32768 }, 'value.code: 32768 does not fit __s16 (-32768 to 32767)'],
  [{ pid: 1.5 }, `value.pid: 1.5 is not an integer; ${INT}`],
  [{ pid: Number.NaN }, `value.pid: NaN is not an integer; ${INT}`],
  [{ pid: Number.POSITIVE_INFINITY }, `value.pid: Infinity is not an integer; ${INT}`],
  [{ pid: 2 ** 32 }, 'value.pid: 4294967296 does not fit __u32 (0 to 4294967295)'],
  [{ pid: '5' }, `value.pid: the string "5" does not go into __u32; ${INT}`],
  [{ pid: true }, `value.pid: true does not go into __u32; ${INT}`],
  [{ pid: null }, `value.pid: null does not go into __u32; ${INT}`],
  [{ pid: {} }, `value.pid: an object does not go into __u32; ${INT}`],
  [{ pid: Symbol('pid') }, `value.pid: Symbol(pid) does not go into __u32; ${INT}`],
  [{ pid: { valueOf: () => 5 } }, `value.pid: an object does not go into __u32; ${INT}`],
  [{ ts: -1n }, 'value.ts: -1n does not fit __u64 (0 to 18446744073709551615)'],
  [{ ts: -1 }, 'value.ts: -1n does not fit __u64 (0 to 18446744073709551615)'],
  [{ ts: 1n << 64n }, 'value.ts: 18446744073709551616n does not fit __u64 (0 to 18446744073709551615)'],
  [{ ts: 0.5 }, `value.ts: 0.5 is not an integer; ${LONG}`],
  [{ ts: '5' }, `value.ts: the string "5" does not go into __u64; ${LONG}`],
  [
    { ts: 2 ** 53 },
    'value.ts: 9007199254740992 is beyond the safe integers, where a number loses digits; write it as a BigInt',
  ],
  [
    { delta: 1n << 63n },
    'value.delta: 9223372036854775808n does not fit __s64 (-9223372036854775808 to 9223372036854775807)',
  ],
  [{ id: 5 }, 'value.id: 5 does not go into unsigned __int128; it takes a BigInt'],
  [{ id: -1n }, 'value.id: -1n does not fit unsigned __int128 (0 to 340282366920938463463374607431768211455)'],
  [
    { id: 1n << 10000n },
    'value.id: a BigInt of more than 512 bits does not fit unsigned __int128 (0 to 340282366920938463463374607431768211455)',
  ],
  [{ next: -1n }, 'value.next: -1n does not fit void * (0 to 18446744073709551615)'],
  [{ next: 'x' }, `value.next: the string "x" does not go into void *; ${LONG}`],
  // Booleans and floats.
  [{ on: 2 }, 'value.on: 2 does not go into _Bool; it takes true, false, 0 or 1'],
  [{ on: 1n }, 'value.on: 1n does not go into _Bool; it takes true, false, 0 or 1'],
  [{ on: 'true' }, 'value.on: the string "true" does not go into _Bool; it takes true, false, 0 or 1'],
  [{ load: 1e300 }, 'value.load: 1e+300 does not fit float'],
  [{ load: 1n }, 'value.load: 1n does not go into float; it takes a number'],
  [{ half: 1 }, 'value.half: 1 does not go into _Float16; it takes a Uint8Array or an array of bytes'],
  [{ half: 'ab' }, 'value.half: the string "ab" does not go into _Float16; it takes a Uint8Array or an array of bytes'],
  [{ half: [1, 2, 3] }, 'value.half: 3 elements do not fit _Float16'],
  // Strings and bytes.
  [{ comm: 'too long!' }, 'value.comm: the string "too long!" (9 bytes of UTF-8) does not fit char[8]'],
  [{ comm: '€€€' }, 'value.comm: the string "€€€" (9 bytes of UTF-8) does not fit char[8]'],
  [{ comm: 'x'.repeat(100) }, `value.comm: the string "${'x'.repeat(40)}…" (100 bytes of UTF-8) does not fit char[8]`],
  [
    { comm: 5 },
    'value.comm: 5 does not go into char[8]; it takes a string that fits, a Uint8Array or an array of bytes',
  ],
  [{ comm: new Uint8Array(9) }, 'value.comm: 9 elements do not fit char[8]'],
  [{ comm: [256] }, 'value.comm[0]: 256 does not fit char (0 to 255)'],
  [{ comm: [0, -129] }, 'value.comm[1]: -129 does not fit char (-128 to 127)'],
  [{ addr: { bytes: [1, 2, 300] } }, 'value.addr.bytes[2]: 300 does not fit unsigned char (0 to 255)'],
  [{ addr: { bytes: [1, undefined] } }, `value.addr.bytes[1]: undefined does not go into unsigned char; ${INT}`],
  [{ addr: { bytes: new Int8Array([-1]) } }, 'value.addr.bytes[0]: -1 does not fit unsigned char (0 to 255)'],
  [{ addr: { bytes: new Uint16Array([256]) } }, 'value.addr.bytes[0]: 256 does not fit unsigned char (0 to 255)'],
  [{ addr: { bytes: new Uint8Array(5) } }, 'value.addr.bytes: 5 elements do not fit __u8[4]'],
  [{ addr: { bytes: '12345' } }, 'value.addr.bytes: the string "12345" (5 bytes of UTF-8) does not fit __u8[4]'],
  [
    { addr: { bytes: new ArrayBuffer(4) } },
    'value.addr.bytes: an object does not go into __u8[4]; it takes a Uint8Array, an array of bytes, or a string that fits',
  ],
  [{ addr: { delta: [128] } }, 'value.addr.delta[0]: 128 does not fit signed char (-128 to 127)'],
  [{ addr: { delta: new Uint8Array([200]) } }, 'value.addr.delta[0]: 200 does not fit signed char (-128 to 127)'],
  [
    { addr: { bytes: detached() } },
    'value.addr.bytes: the buffer of this typed array is detached; its bytes were transferred elsewhere',
  ],
  // Arrays.
  [{ addr: { stack: [1, 2, 3, 4] } }, 'value.addr.stack: 4 elements do not fit __u32[3]'],
  [{ addr: { stack: [1, -2] } }, 'value.addr.stack[1]: -2 does not fit __u32 (0 to 4294967295)'],
  [{ addr: { stack: new Float64Array([1, 0.5]) } }, `value.addr.stack[1]: 0.5 is not an integer; ${INT}`],
  [
    { addr: { stack: 5 } },
    'value.addr.stack: 5 does not go into __u32[3]; it takes an array or a typed array, at most as long',
  ],
  [
    { addr: { stack: '12' } },
    'value.addr.stack: the string "12" does not go into __u32[3]; it takes an array or a typed array, at most as long',
  ],
  [
    { addr: { stack: new DataView(new ArrayBuffer(4)) } },
    'value.addr.stack: an object does not go into __u32[3]; it takes an array or a typed array, at most as long',
  ],
  [
    { addr: { stack: { length: 1, 0: 1 } } },
    'value.addr.stack: an object does not go into __u32[3]; it takes an array or a typed array, at most as long',
  ],
  // biome-ignore lint/suspicious/noSparseArray: the hole is the point
  [{ addr: { stack: [1, , 3] } }, `value.addr.stack[1]: undefined does not go into __u32; ${INT}`],
  [{ list: [{}, { stack: [0, 0, 1.5] }] }, `value.list[1].stack[2]: 1.5 is not an integer; ${INT}`],
  [{ list: [{ bytes: 'ÿÿÿ' }] }, 'value.list[0].bytes: the string "ÿÿÿ" (6 bytes of UTF-8) does not fit __u8[4]'],
  [{ list: [undefined] }, `value.list[0]: undefined does not go into struct address; ${OBJECT}`],
  // Structs.
  [5, `value: 5 does not go into struct value; ${OBJECT}`],
  [null, `value: null does not go into struct value; ${OBJECT}`],
  [undefined, `value: undefined does not go into struct value; ${OBJECT}`],
  [[1], `value: an array does not go into struct value; ${OBJECT}`],
  [new Uint8Array(160), `value: an object does not go into struct value; ${OBJECT}`],
  [() => ({}), `value: a function does not go into struct value; ${OBJECT}`],
  [{ addr: 5 }, `value.addr: 5 does not go into struct address; ${OBJECT}`],
  [{ pids: 1 }, 'value: struct value has no member "pids"; did you mean "pid"?'],
  [{ addr: { prt: 1 } }, 'value.addr: struct address has no member "prt"; did you mean "port"?'],
  [
    { addr: { zzzzzz: undefined } },
    'value.addr: struct address has no member "zzzzzz"; it has family, port, bytes, delta, stack',
  ],
  [
    new Map(),
    'value: an object that has none of the members of struct value: addr, pid, code, on, ts, delta, id, comm, load, half, list, number, …',
  ],
  [
    { addr: Promise.resolve({ port: 1 }) },
    'value.addr: a promise (await it first) that has none of the members of struct address: family, port, bytes, delta, stack',
  ],
  [{ gone: 1 }, 'value.gone: 1 does not go into struct gone; it takes nothing: it has no value'],
  // Unions.
  [{ number: {} }, 'value.number: union number takes exactly one of its members u, s'],
  [{ number: { u: undefined } }, 'value.number: union number takes exactly one of its members u, s'],
  [{ number: { u: 1n, s: 1n } }, 'value.number: "u" and "s" are members of one union, which takes exactly one'],
  [{ number: { x: 1n } }, 'value.number: union number has no member "x"; it has u, s'],
  [{ raw: 1n, low: 1 }, 'value: "raw" and "low" are members of one union, which takes exactly one'],
];

const wrongBits: [value: unknown, message: string][] = [
  [{ prio: 8 }, 'value.prio: 8 does not fit __u32 : 3 (0 to 7)'],
  [{ prio: -1n }, 'value.prio: -1n does not fit __u32 : 3 (0 to 7)'],
  [{ prio: '1' }, `value.prio: the string "1" does not go into __u32 : 3; ${INT}`],
  [{ sign: 8 }, 'value.sign: 8 does not fit __s16 : 4 (-8 to 7)'],
  [{ flag: 2 }, 'value.flag: 2 does not go into _Bool : 1; it takes true, false, 0 or 1'],
];

describe('messages', () => {
  for (const [given, message] of wrong) it(message, () => assert.equal(messageOf(value, given), message));
  for (const [given, message] of wrongBits) it(message, () => assert.equal(messageOf(bits, given), message));
});

describe('values that bite', () => {
  const codec = codecOf(btf, value);
  const views = new Views(new ArrayBuffer(codec.size));
  const write = (given: unknown): Record<string, unknown> => {
    codec.encode(views, 0, given, 'value');
    return codec.decode(views, 0, codec.size) as Record<string, unknown>;
  };

  it('lets what a getter throws through', () => {
    const error = new Error('mine');
    const given = {
      get pid(): number {
        throw error;
      },
    };
    assert.throws(() => write(given), error);
  });

  it('reads every member once', () => {
    let reads = 0;
    const given = {
      get pid() {
        return reads++ === 0 ? 7 : 'two faces';
      },
    };
    assert.equal(write(given).pid, 7);
    assert.equal(reads, 1);
  });

  it('takes proxies, objects without a prototype, and instances with getters', () => {
    class Given {
      get pid(): number {
        return 5;
      }
    }
    assert.equal(write(new Proxy({ pid: 5 }, {})).pid, 5);
    assert.equal(write(Object.assign(Object.create(null), { pid: 5 })).pid, 5);
    assert.equal(write(new Given()).pid, 5);
    assert.deepEqual((write({ addr: { stack: new Proxy([1, 2], {}) } }).addr as { stack: number[] }).stack, [1, 2, 0]);
  });

  it('takes members that an object inherits, and ignores what else it does', () => {
    assert.equal(write(Object.create({ pid: 5, other: 1 })).pid, 5);
    assert.throws(() => write(Object.assign(Object.create({ pid: 5 }), { other: 1 })), /has no member "other"/);
  });

  it('believes no length that a typed array claims', () => {
    class Liar extends Uint8Array {
      override get length(): number {
        return 1;
      }
    }
    assert.throws(() => write({ addr: { bytes: new Liar(64) } }), /64 elements do not fit/);
  });

  it('takes undefined as not given, null not', () => {
    assert.equal(write({ pid: undefined }).pid, 0);
    assert.throws(() => write({ pid: null }), /null does not go into/);
  });

  it('accepts the ends of every range, and minus zero as zero', () => {
    const read = write({
      pid: -0,
      code: -32768,
      ts: (1n << 64n) - 1n,
      delta: Number.MIN_SAFE_INTEGER,
      addr: { port: 65535n },
    });
    assert.ok(Object.is(read.pid, 0));
    assert.equal(read.code, -32768);
    assert.equal(read.ts, (1n << 64n) - 1n);
    assert.equal(read.delta, BigInt(Number.MIN_SAFE_INTEGER));
    assert.equal((read.addr as { port: number }).port, 65535);
  });

  it('takes exactly N bytes of text without a NUL, and U+FFFD for a lone surrogate', () => {
    assert.equal(write({ comm: '12345678' }).comm, '12345678');
    assert.equal(write({ comm: 'a\ud800b' }).comm, 'a\ufffdb');
    assert.equal(write({ comm: [-1, 255, 65] }).comm, '\ufffd\ufffdA');
  });

  it('takes one alternative of an anonymous union, or none', () => {
    assert.equal(write({ low: 1, high: 2 }).raw, 0x2_0000_0001n);
    assert.equal(write({}).raw, 0n);
    assert.equal(write({ raw: 1n << 32n }).high, 1);
  });
});
