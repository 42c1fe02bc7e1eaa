import { Btf, codecOf, type DataSection, recordDecoder, sectionCodec, Views } from '../../js/btf/mod.ts';
import { BtfBuilder, type MemberSpec } from '../../tests/codec/btf-builder.ts';

/** Prints nanoseconds per record and per field kind: `yeet run bench/yeet/codec.ts [filter]`. The best round is the one that nothing disturbed. */

const RECORDS = 1024;
const ROUNDS = 9;
const MIN_MS = 60;

const filter = yeet.args._[0] ?? '';

/** Median of several rounds, in nanoseconds per call of `body` divided by `per`. */
function measure(name: string, per: number, body: () => void): void {
  if (!name.includes(filter)) return;
  let calls = 1;
  for (let elapsed = 0; elapsed < MIN_MS; calls *= 2) {
    const start = performance.now();
    for (let i = 0; i < calls; i++) body();
    elapsed = performance.now() - start;
  }
  const rounds = Array.from({ length: ROUNDS }, () => {
    const start = performance.now();
    for (let i = 0; i < calls; i++) body();
    return ((performance.now() - start) * 1e6) / calls / per;
  }).sort((a, b) => a - b);
  const [best, median] = [rounds[0] as number, rounds[ROUNDS >> 1] as number];
  console.log(`${name.padEnd(58)} ${median.toFixed(1).padStart(8)} ns   best ${best.toFixed(1)}`);
}

const b = new BtfBuilder();
const u8 = b.int('unsigned char', 1);
const u16 = b.int('unsigned short', 2);
const u32 = b.int('unsigned int', 4);
const u64 = b.int('unsigned long long', 8);
const char = b.int('char', 1, 1);

interface Sample {
  readonly name: string;
  readonly type: number;
  readonly size: number;
  readonly values: (index: number) => unknown;
}

/** A struct of eight members of one type. */
function eight(name: string, type: number, size: number, value: (index: number) => unknown, bits?: number): Sample {
  const members = Array.from({ length: 8 }, (_, i): MemberSpec => {
    return bits === undefined
      ? { name: `m${i}`, type, offset: i * size * 8 }
      : { name: `m${i}`, type, offset: i * bits, bits };
  });
  const total = bits === undefined ? size * 8 : Math.ceil((bits * 8) / 64) * 8;
  const values = (index: number) => Object.fromEntries(members.map((member, i) => [member.name, value(index + i)]));
  return { name: `8 × ${name}`, type: b.struct('sample', total, members), size: total, values };
}

const event = b.struct('event', 64, [
  { name: 'ts', type: u64, offset: 0 },
  { name: 'pid', type: u32, offset: 64 },
  { name: 'cpu', type: u32, offset: 96 },
  { name: 'comm', type: b.array(char, 16), offset: 128 },
  { name: 'addr', type: b.array(u8, 16), offset: 256 },
  { name: 'a', type: u64, offset: 384 },
  { name: 'b', type: u64, offset: 448 },
]);
const numbers = b.struct(
  'numbers',
  32,
  [0, 1, 2, 3, 4, 5, 6, 7].map((i) => ({ name: `n${i}`, type: u32, offset: i * 32 })),
);
const point = b.struct('point', 8, [
  { name: 'x', type: u32, offset: 0 },
  { name: 'y', type: u32, offset: 32 },
]);

const names = Array.from({ length: 64 }, (_, i) => `process-${i}`);
const eventOf = (comm: (index: number) => string) => (index: number) => {
  return {
    ts: BigInt(index),
    pid: index,
    cpu: index & 3,
    comm: comm(index),
    addr: new Uint8Array(16),
    a: 1n << 60n,
    b: 5n,
  };
};

const samples: Sample[] = [
  { name: 'event of 64 bytes, 64 names', type: event, size: 64, values: eventOf((i) => names[i % 64] as string) },
  { name: 'event of 64 bytes, 1,024 names', type: event, size: 64, values: eventOf((i) => `p-${i * 7919}`) },
  {
    name: 'numbers only, 8 × u32',
    type: numbers,
    size: 32,
    values: (i) => Object.fromEntries([0, 1, 2, 3, 4, 5, 6, 7].map((n) => [`n${n}`, i])),
  },
  eight('u8', u8, 1, (i) => i & 0xff),
  eight('u32', u32, 4, (i) => i),
  eight('u64', u64, 8, (i) => BigInt(i) << 32n),
  eight('u128', b.int('unsigned __int128', 16), 16, (i) => BigInt(i) << 100n),
  eight('bool', b.int('_Bool', 1, 4), 1, (i) => i % 2 === 0),
  eight('double', b.float('double', 8), 8, (i) => i / 3),
  eight('bit field of 5', u32, 4, (i) => i & 31, 5),
  eight('char[16], 64 names', b.array(char, 16), 16, (i) => names[i % 64]),
  eight('char[16], 1,024 names', b.array(char, 16), 16, (i) => `p-${i * 7919}`),
  eight('char[16], not ASCII', b.array(char, 16), 16, (i) => `é${i}`),
  eight('char[256] of 100', b.array(char, 256), 256, (i) => `/usr/lib/${i}`.padEnd(100, 'x')),
  eight('u8[16]', b.array(u8, 16), 16, () => new Uint8Array(16)),
  eight('u8[256]', b.array(u8, 256), 256, () => new Uint8Array(256)),
  eight('u32[4]', b.array(u32, 4), 16, (i) => [i, 2, 3, 4]),
  eight('u64[32]', b.array(u64, 32), 256, (i) => Array.from({ length: 32 }, (_, n) => BigInt(i + n))),
  eight('struct { u32 x, y }', point, 8, (i) => ({ x: i, y: 1 })),
  eight('struct[16]', b.array(point, 16), 128, (i) => Array.from({ length: 16 }, (_, n) => ({ x: i, y: n }))),
  eight('u16, unaligned by packing', b.struct('packed', 3, [{ name: 'a', type: u16, offset: 8 }]), 3, (i) => ({
    a: i & 0xffff,
  })),
];
b.section('.data', 16_400, [
  { type: b.variable('pid', u32), offset: 0, size: 4 },
  { type: b.variable('table', b.array(u32, 4096)), offset: 16, size: 16_384 },
]);
const bytes = b.bytes();
const btf = Btf.parse(bytes);
const patchable = sectionCodec(btf, btf.section('.data') as DataSection);
const table = new Uint32Array(4096);
const scratch = new Views(new ArrayBuffer(4096));

/** Stands for what a script does with an event. */
let kept: unknown;

for (const { name, type, size, values } of samples) {
  const frame = 8 + ((size + 7) & ~7);
  const views = new Views(new ArrayBuffer(frame * RECORDS));
  const codec = codecOf(btf, type);
  const given = Array.from({ length: RECORDS }, (_, i) => values(i));
  given.forEach((value, i) => {
    views.dv.setUint32(i * frame, size, true);
    codec.encode(views, i * frame + 8, value, 'value');
  });
  const decoder = recordDecoder(btf, type);
  const sink = (event: unknown) => {
    kept = event;
  };
  measure(`decode ${name}`, RECORDS, () => decoder.eachRecord(views, 0, frame * RECORDS, 'event', sink));
  measure(`encode ${name}`, RECORDS, () => {
    for (let i = 0; i < RECORDS; i++) codec.encode(views, i * frame + 8, given[i], 'value');
  });
}

measure('one value through codec.decode: u64', RECORDS, () => {
  const codec = codecOf(btf, u64);
  for (let i = 0; i < RECORDS; i++) kept = codec.decode(scratch, (i * 8) & 0xff, ((i * 8) & 0xff) + 8);
});
measure('patch one u32', 1, () => {
  kept = patchable.lower('pid', 1234);
});
measure('patch of a u32[4096], per element', 4096, () => {
  kept = patchable.lower('table', table);
});
measure('read one u32 of a section', 1, () => {
  kept = patchable.readVar(scratch, 'pid');
});
measure('first use: parse, lay out, compile, decode one event', 1, () => {
  const own = Btf.parse(bytes);
  kept = codecOf(own, event).decode(scratch, 0, 64);
});

if (kept === undefined) throw new Error(`nothing is called ${filter}`);
