import assert from 'node:assert/strict';
import { it } from 'node:test';
import { columns, show, wrapped } from './text.ts';

it('values are written as JavaScript writes them', () => {
  assert.equal(
    show({ a: 1n, b: 'x\u001b"', c: [true, -0, 0.5], d: new Uint8Array([1, 2]), e: undefined }),
    '{ a: 1n, b: "x\\u001b\\"", c: [true, -0, 0.5], d: [1, 2], e: undefined }',
  );
  assert.equal(show({}), '{}');
  assert.equal(show('x'.repeat(500)).length, 96);
});

it('columns stand under one another', () => {
  assert.deepEqual(
    columns(
      [
        ['a', 'long', 'c'],
        ['bcd', 'e'],
      ],
      '> ',
    ),
    ['> a    long  c', '> bcd  e'],
  );
  assert.deepEqual(
    columns(
      [
        ['x'.repeat(9), 'y'],
        ['a', 'b'],
      ],
      '',
      4,
    ),
    [`${'x'.repeat(9)}  y`, 'a  b'],
  );
});

it('long lists are broken at blanks', () => {
  const lines = wrapped(Array.from({ length: 40 }, (_, index) => `word${index}`).join(' '), '    ');
  assert.ok(lines.length > 2 && lines.every((line) => line.length <= 100 && line.startsWith('    word')));
});
