import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { Kind } from '../../js/btf/format.ts';
import { type Btf, codecOf, Views } from '../../js/btf/mod.ts';
import { readObject } from './elf.ts';
import { mapValues } from './map-values.ts';
import { Random } from './random.ts';

/**
 * The same bytes read by bpftool and by the codec: one map per shape of `shapes.bpf.c`, filled with random bytes. Needs root, bpftool and
 * a mounted bpffs.
 */

const OBJECT = join(import.meta.dirname, 'shapes.bpf.o');
const BPFFS = '/sys/fs/bpf';
const ENTRIES = 3;
/** bpftool cannot print floats: it writes `(unsupported-kind` and breaks its own JSON. */
const NOT_PRINTED = new Set(['floats']);

const { btf } = readObject(readFileSync(OBJECT));
const shapes = mapValues(btf);
const canLoad = process.getuid?.() === 0 && existsSync(BPFFS) && spawnSync('bpftool', ['version']).status === 0;

describe('decoding agrees with bpftool', { skip: canLoad ? false : 'needs root, bpftool and bpffs' }, () => {
  const pins = `${BPFFS}/yeet-codec-${process.pid}`;
  const scratch = mkdtempSync(join(tmpdir(), 'yeet-codec-'));
  const random = new Random(7);
  const contents = new Map<string, Uint8Array[]>();

  before(() => {
    mkdirSync(pins);
    const load = spawnSync('bpftool', ['prog', 'load', OBJECT, `${pins}/prog`, 'pinmaps', `${pins}/maps`], {
      encoding: 'utf8',
    });
    assert.equal(load.status, 0, load.stderr);
    assert.doesNotMatch(
      load.stderr,
      /Error loading .BTF/,
      'the kernel refuses the types, so bpftool cannot print values',
    );
    const batch: string[] = [];
    for (const { name, size } of shapes) {
      const values = [random.bytes(size), printable(random.bytes(size)), new Uint8Array(size).fill(0xff)];
      contents.set(name, values);
      values.forEach((bytes, i) => {
        batch.push(
          `map update pinned ${pins}/maps/${name} key hex ${hex(Uint8Array.of(i, 0, 0, 0))} value hex ${hex(bytes)}`,
        );
      });
    }
    const file = join(scratch, 'batch');
    writeFileSync(file, `${batch.join('\n')}\n`);
    execFileSync('bpftool', ['batch', 'file', file]);
  });

  after(() => {
    rmSync(pins, { recursive: true, force: true });
    rmSync(scratch, { recursive: true, force: true });
  });

  it('has a pinned map for each of at least 40 shapes', () => {
    const compared = shapes.filter(({ name }) => !NOT_PRINTED.has(name));
    assert.ok(compared.length >= 40, `${compared.length} shapes`);
    const pinned = new Set(readdirSync(`${pins}/maps`));
    assert.deepEqual(
      shapes.map(({ name }) => name).filter((name) => !pinned.has(name)),
      [],
    );
  });

  for (const { name, typeId, size } of shapes) {
    if (NOT_PRINTED.has(name)) continue;
    it(`${name}: ${btf.typeName(typeId)}`, () => {
      const dump = parseDump(
        execFileSync('bpftool', ['-j', 'map', 'dump', 'pinned', `${pins}/maps/${name}`], { encoding: 'utf8' }),
      );
      assert.equal(dump.length, ENTRIES);
      const codec = codecOf(btf, typeId);
      assert.equal(codec.size, size);
      dump.forEach(({ formatted }, i) => {
        const bytes = contents.get(name)?.[i] as Uint8Array;
        const views = new Views(bytes.slice().buffer);
        compare(btf, typeId, codec.decode(views, 0, size), formatted.value, `${name}[${i}]`);
      });
    });
  }
});

interface Entry {
  readonly formatted: { readonly value: unknown };
}

/** Numbers that a double does not hold become strings. */
function parseDump(json: string): Entry[] {
  return JSON.parse(json.replace(/(?<=[:[,])-?\d{16,}(?=[,\]}])/g, '"$&"')) as Entry[];
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(' ');
}

/** Letters with a NUL here and there, so that bpftool prints strings. */
function printable(bytes: Uint8Array): Uint8Array {
  return bytes.map((byte) => (byte % 7 === 0 ? 0 : 97 + (byte % 26)));
}

/** `ours` against bpftool's way of printing: bit fields and wide integers as hex strings, enums by name, anonymous members apart. */
function compare(types: Btf, typeId: number, ours: unknown, theirs: unknown, path: string): void {
  const id = types.resolve(typeId);
  switch (types.kind(id)) {
    case Kind.STRUCT:
    case Kind.UNION:
      for (const member of types.members(id)) {
        const printed = (theirs as Record<string, unknown>)[member.name];
        if (member.name === '') {
          const inner = types.resolve(member.typeId);
          if (types.kind(inner) === Kind.STRUCT || types.kind(inner) === Kind.UNION)
            compare(types, inner, ours, printed, path);
          continue;
        }
        const at = `${path}.${member.name}`;
        assert.ok(Object.hasOwn(ours as object, member.name), `${at} is missing`);
        const value = (ours as Record<string, unknown>)[member.name];
        if (member.bitSize === 0) compare(types, member.typeId, value, printed, at);
        else assert.equal(BigInt.asUintN(member.bitSize, BigInt(value as number)), BigInt(printed as string), at);
      }
      break;
    case Kind.ARRAY:
      compareArray(types, id, ours, theirs, path);
      break;
    case Kind.ENUM: {
      const named = types.enumerators(id).find(({ name }) => name === theirs);
      const bits = types.size(id) * 8;
      const printed = named === undefined ? BigInt(theirs as string) : named.value;
      assert.equal(BigInt.asUintN(bits, BigInt(ours as number)), BigInt.asUintN(bits, printed), path);
      break;
    }
    default:
      if (typeof ours === 'boolean') assert.equal(ours, theirs, path);
      else if (types.size(id) === 16) assert.equal(BigInt.asUintN(128, ours as bigint), BigInt(theirs as string), path);
      else assert.equal(BigInt(ours as number), BigInt(theirs as string), path);
  }
}

function compareArray(types: Btf, id: number, ours: unknown, theirs: unknown, path: string): void {
  const { element, length } = types.array(id);
  // bpftool prints a flexible array as empty; the codec gives what the value has behind it.
  if (length === 0) return;
  if (typeof ours === 'string') {
    // What is not printable or not terminated comes as an array of signed numbers.
    assert.equal(ours, typeof theirs === 'string' ? theirs : textOf(theirs as number[]), path);
    return;
  }
  const values = Array.from(ours as ArrayLike<unknown>);
  assert.equal(values.length, (theirs as unknown[]).length, path);
  values.forEach((value, i) => {
    compare(types, element, value, (theirs as unknown[])[i], `${path}[${i}]`);
  });
}

function textOf(chars: readonly number[]): string {
  const bytes = Uint8Array.from(chars);
  const nul = bytes.indexOf(0);
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(nul < 0 ? bytes : bytes.subarray(0, nul));
}
