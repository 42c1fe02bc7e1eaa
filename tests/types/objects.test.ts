import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';
import { type Btf, codecOf, lpmKeyCodec, Views } from '../../js/btf/mod.ts';
import type { Shape } from '../../js/btf/shape.ts';
import { declare } from '../../js/tools/types/declare.ts';
import { Random } from '../codec/random.ts';
import { check } from './check.ts';
import { literal } from './literals.ts';
import { objectFacts } from './object-facts.ts';

const root = join(import.meta.dirname, '../..');
const objects = ['bench', 'crates', 'examples', 'tests']
  .flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)),
  )
  .filter((path) => path.endsWith('.bpf.o') && readFileSync(join(root, path)).includes('.BTF\0'))
  .sort();

const random = new Random(7);

/** Constants that TypeScript only accepts where what the decoder gives is what the declarations say. */
function values(path: string): { declarations: string; program: string; count: number } {
  const { facts, object } = objectFacts(join(root, path));
  const { btf } = object;
  const checks: string[] = [];
  const add = (type: string, shape: Shape, value: unknown): void => {
    checks.push(`export const v${checks.length}: Types${type} = ${literal(shape, value)};`);
  };
  const decoded = (codec: ReturnType<typeof codecOf>): unknown => {
    const views = new Views(new ArrayBuffer((codec.size + 7) & ~7));
    views.u8.set(random.bytes(codec.size));
    return codec.decode(views, 0, codec.size);
  };
  for (const name of btf.listStructs()) {
    const codec = codecOf(btf, btf.findStruct(name) as number);
    add(`['structs'][${JSON.stringify(name)}]`, codec.shape, decoded(codec));
  }
  for (const map of facts.maps) {
    const type = `['maps'][${JSON.stringify(map.name)}]`;
    if (map.section !== null) {
      for (const { name, typeId } of globals(btf, map.section)) {
        const codec = codecOf(btf, typeId);
        if (codec.size > 0) add(`${type}['value'][${JSON.stringify(name)}]`, codec.shape, decoded(codec));
      }
      continue;
    }
    const about = declare({ ...facts, maps: [map] });
    if (map.valueTypeId !== 0 && /\bvalue: .*? };$/m.test(about.split('structs:')[0] as string)) {
      const codec = codecOf(btf, map.valueTypeId);
      add(`${type}['value']`, codec.shape, decoded(codec));
    }
    if (map.mapType === 'lpm_trie') {
      const codec = lpmKeyCodec(codecOf(btf, map.keyTypeId), map.keySize);
      const key = decoded(codec) as { prefixlen: number; data: unknown };
      const { shape } = codec;
      if (!(key.data instanceof Uint8Array)) add(`${type}['key']`, shape, key);
      else
        checks.push(`export const v${checks.length}: Types${type}['key'] = { prefixlen: 1, data: new Uint8Array() };`);
    }
  }
  return { declarations: declare(facts), program: checks.join('\n'), count: checks.length };
}

function globals(btf: Btf, section: string) {
  return btf.section(section)?.vars ?? [];
}

it('the declarations of every object are TypeScript, and say what the decoder gives', () => {
  assert.ok(objects.length > 30, `only ${objects.length} objects`);
  const files: Record<string, string> = {};
  let count = 0;
  objects.forEach((path, index) => {
    const object = values(path);
    files[`object${index}.bpf.d.o.ts`] = object.declarations;
    files[`values${index}.ts`] = [
      `// ${path}`,
      "import type { Union } from 'yeet:bpf';",
      `import type { Types } from './object${index}.bpf.o';`,
      'declare function union<T>(members: Omit<T, keyof Union>): T;',
      'console.log(union<never>);',
      object.program,
    ].join('\n');
    count += object.count;
  });
  assert.equal(check(files), '');
  assert.ok(count > 300, `only ${count} values`);
});

it('a declaration that is wrong does not pass', () => {
  const { declarations, program } = values('tests/types/flows.bpf.o');
  const changes = [
    ['bytes: bigint', 'bytes: number'],
    ['comm: string', 'comm: Uint8Array'],
    [' port: number;', ' port?: number; also: number;'],
    ['verdicts: number[]', 'verdicts: bigint[]'],
  ] as const;
  const files: Record<string, string> = {};
  changes.forEach(([right, wrong], index) => {
    assert.ok(declarations.includes(right), right);
    files[`x${index}.bpf.d.o.ts`] = declarations.replaceAll(right, wrong);
    files[`values${index}.ts`] = [
      "import type { Union } from 'yeet:bpf';",
      `import type { Types } from './x${index}.bpf.o';`,
      'declare function union<T>(members: Omit<T, keyof Union>): T;',
      'console.log(union<never>);',
      program,
    ].join('\n');
  });
  const found = check(files);
  changes.forEach(([, wrong], index) => {
    assert.match(found, new RegExp(`^values${index}\\.ts\\(.*error TS`, 'm'), wrong);
  });
});
