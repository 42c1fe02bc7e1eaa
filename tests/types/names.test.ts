import assert from 'node:assert/strict';
import { before, it } from 'node:test';
import type { ObjectFacts } from '../../js/tools/facts.ts';
import { declare } from '../../js/tools/types/declare.ts';
import { BtfBuilder, type MemberSpec } from '../codec/btf-builder.ts';
import { check } from './check.ts';

function factsOf(builder: BtfBuilder): ObjectFacts {
  return { file: "x*/'\u202e.bpf.o", license: null, btf: builder.bytes(), maps: [], programs: [] };
}

const NAMES =
  `string number boolean any unknown never object symbol bigint void null undefined class default enum export import interface let static yield
  await async type of as is infer keyof readonly declare module namespace global abstract get set out satisfies accessor asserts override unique
  Uint8Array Int8Array BpfObject Union Types Record Array constructor prototype __proto__ Vec<u8> core::option::Option<alloc::string::String>
  1st a-b it's "quoted" back\\slash */ /* // \${x} \`y\` déjà 名 \u{1f600} \u0085 \u202e \u2028`.split(/[ \n]+/);

function everyName(): string {
  const builder = new BtfBuilder();
  const int = builder.int('int', 4, 1);
  const members = NAMES.map((name, index): MemberSpec => ({ name, type: int, offset: index * 32 }));
  for (const name of NAMES) builder.struct(name, NAMES.length * 4, members);
  for (const name of NAMES) builder.enum(name, 4, { [name]: 1 });
  const facts = factsOf(builder);
  const programs = NAMES.map((name) => {
    const rest = { type: 'xdp', attachType: null, autoload: true, attach: '', spec: null, instructions: 0 } as const;
    return { ...rest, name, section: name, kind: 'xdp', helpers: [], kfuncs: [] } as const;
  });
  return declare({ ...facts, programs });
}

/** Each test's declarations; one run of tsc checks all of them. */
const texts = { names: everyName(), same: sameNames(), nested: nestedStructs() } as const;
let said: string;
before(() => {
  said = check(Object.fromEntries(Object.entries(texts).map(([name, text]) => [`${name}.bpf.d.o.ts`, text])));
});

function assertAccepted(name: keyof typeof texts): void {
  assert.deepEqual(
    said.split('\n').filter((line) => line.startsWith(`${name}.`)),
    [],
  );
}

it('names of every kind become TypeScript', () => {
  assertAccepted('names');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: what must not be in it
  assert.doesNotMatch(texts.names, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029\u202e]/);
});

function sameNames(): string {
  const builder = new BtfBuilder();
  const int = builder.int('int', 4, 1);
  const long = builder.int('long', 8, 1);
  const first = builder.struct('same', 4, [{ name: 'a', type: int, offset: 0 }]);
  const second = builder.struct('same', 8, [{ name: 'b', type: long, offset: 0 }]);
  const third = builder.union('same', 4, [{ name: 'a', type: int, offset: 0 }]);
  const again = builder.struct('same', 4, [{ name: 'a', type: int, offset: 0 }]);
  const all = [first, second, third, again].map((type, index) => ({ name: `m${index}`, type, offset: index * 64 }));
  builder.struct('all', 32, all);
  return declare(factsOf(builder));
}

it('structs of one name and different members are told apart, the same ones are not repeated', () => {
  assertAccepted('same');
  const types = [...texts.same.matchAll(/ m\d: (\w+);/g)].map(([, type]) => type);
  assert.deepEqual(types, ['same', 'same_2', 'same_3', 'same']);
  assert.match(texts.same, /interface same_3 extends Union/);
});

it('pointers are addresses, whatever they point to', () => {
  const builder = new BtfBuilder();
  // The struct will be the second type.
  const self = builder.ptr(2);
  builder.struct('node', 8, [{ name: 'next', type: self, offset: 0 }]);
  assert.match(declare(factsOf(builder)), /\/\*\* struct node \* \*\/ next: bigint;/);
});

function nestedStructs(): string {
  const builder = new BtfBuilder();
  let type = builder.int('int', 4, 1);
  for (let level = 0, size = 8; level < 18; level++, size *= 2) {
    const half = size * 4;
    type = builder.struct(level === 17 ? 'top' : '', size, [
      { name: 'left', type, offset: 0 },
      { name: 'right', type, offset: half },
    ]);
  }
  return declare(factsOf(builder));
}

it('structs without a name do not multiply', () => {
  assertAccepted('nested');
  assert.ok(texts.nested.length < 20_000, `${texts.nested.length} characters`);
});

it('what would be too large is an error', () => {
  const builder = new BtfBuilder();
  const int = builder.int('int', 4, 1);
  const members = Array.from({ length: 2000 }, (_, index): MemberSpec => {
    return { name: `${'x'.repeat(1000)}${index}`, type: int, offset: index * 32 };
  });
  for (let index = 0; index < 20; index++) builder.struct(`s${index}`, 8000, members);
  assert.throws(() => declare(factsOf(builder)), { name: 'BtfError', message: /larger than 16 MiB/ });
});
