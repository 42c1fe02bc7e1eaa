/// <reference path="../../typings/yeet-bpf.d.ts" />
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import type * as declared from 'yeet:bpf';
import * as implemented from './mod.ts';

type Declared = typeof declared;
type Implemented = typeof implemented;
type Prototypes<Module> = {
  [Name in keyof Module]: Module[Name] extends { prototype: infer Prototype } ? Prototype : never;
};

// Does not compile unless every class has what the typings promise, and the typings name every class.
const fits: Prototypes<Declared> = implemented as unknown as Prototypes<Implemented>;
const complete: keyof Declared = 'BpfObject' as keyof Implemented;

test('the typings declare exactly what the module exports', () => {
  const text = readFileSync(new URL('../../typings/yeet-bpf.d.ts', import.meta.url), 'utf8');
  const names = [...text.matchAll(/^ {2}export (?:class|const) (\w+)/gm)].map(([, name]) => name as string);
  assert.deepEqual(names.sort(), Object.keys(implemented).sort());
  assert.equal(typeof fits[complete], 'function');
});

test('every declared member has a doc comment', () => {
  const lines = ['yeet-bpf', 'object-types'].flatMap((file) =>
    readFileSync(new URL(`../../typings/${file}.d.ts`, import.meta.url), 'utf8').split('\n'),
  );
  const bare = lines.filter((line, index) => {
    if (!/^ {2}export (class|const|interface|type) /.test(line)) return false;
    const above = lines.slice(0, index).reverse();
    return !/\*\/\s*$/.test(above.find((candidate) => !candidate.includes('biome-ignore')) ?? '');
  });
  assert.deepEqual(bare, []);
});
