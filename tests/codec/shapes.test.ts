import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { codecOf, Views } from '../../js/btf/mod.ts';
import { readObject } from './elf.ts';
import { mapValues } from './map-values.ts';
import { Random } from './random.ts';
import { assertSame, randomValue } from './random-values.ts';
import { referenceDecode } from './reference.ts';

const ROUNDS = 200;

const { btf } = readObject(readFileSync(join(import.meta.dirname, 'shapes.bpf.o')));

describe('the shapes that clang compiled', () => {
  const random = new Random(13);

  for (const { name, typeId, size } of mapValues(btf)) {
    it(`${name}: ${btf.describe(typeId)}`, () => {
      const codec = codecOf(btf, typeId);
      const views = new Views(new ArrayBuffer(size));
      for (let i = 0; i < ROUNDS; i++) {
        const bytes = random.bytes(size);
        views.u8.set(bytes);
        assert.deepEqual(codec.decode(views, 0, size), referenceDecode(btf, typeId, bytes));
        const value = randomValue(btf, typeId, random);
        codec.encode(views, 0, value, 'value');
        assertSame(btf, typeId, value, codec.decode(views, 0, size), 'value');
      }
    });
  }

  // The compiler's own word for each kind of byte decides; these sizes are what clang gives the C declarations.
  const facts: [name: string, size: number, member: string, type: 'string' | 'Uint8Array' | 'Int8Array' | 'Array'][] = [
    ['text', 147, 'comm', 'string'],
    ['bytes', 31, 'mac', 'Uint8Array'],
    ['bytes', 31, 'deltas', 'Int8Array'],
    ['bytes', 31, 'digest', 'Uint8Array'],
    ['bytes', 31, 'more', 'Int8Array'],
    ['texts', 62, 'lines', 'Array'],
    ['bools', 7, 'b', 'Array'],
    ['aliased', 64, 'c', 'string'],
    ['aliased', 64, 'e', 'string'],
    ['aliased', 64, 'f', 'Uint8Array'],
  ];
  for (const [name, size, member, type] of facts) {
    it(`${name}.${member} is a ${type}`, () => {
      const found = mapValues(btf).find((value) => value.name === name);
      assert.ok(found);
      assert.equal(found.size, size);
      const value = codecOf(btf, found.typeId).decode(new Views(new ArrayBuffer(size)), 0, size) as Record<
        string,
        unknown
      >;
      const given = value[member];
      assert.equal(typeof given === 'string' ? 'string' : (given as object).constructor.name, type);
    });
  }
});
