import assert from 'node:assert/strict';
import { test } from 'node:test';
import { list, named, printable, show } from './text.ts';

test('values read as in a script, and nothing they do can throw', () => {
  const revoked = Proxy.revocable({}, {});
  revoked.revoke();
  const cases: [unknown, string][] = [
    [undefined, 'undefined'],
    [null, 'null'],
    [-0.5, '-0.5'],
    [5n, '5n'],
    ['a\n', '"a\\n"'],
    ['x'.repeat(100), `"${'x'.repeat(56)}...`],
    [Symbol('s'), 'Symbol(s)'],
    [[1, 2], 'an array of 2'],
    [{}, 'an object with no members'],
    [{ a: 1, b: 2 }, "an object with 'a', 'b'"],
    [new Map(), 'a Map'],
    [Object.create(null), 'an object with no members'],
    [() => 1, 'function (anonymous)'],
    [revoked.proxy, 'an object'],
    [
      Object.defineProperty(() => 1, 'name', {
        get() {
          throw new Error('no');
        },
      }),
      'a function',
    ],
  ];
  for (const [value, expected] of cases) assert.equal(show(value), expected);
});

test('long lists are cut', () => {
  const names = Array.from({ length: 25 }, (_, i) => `n${i}`);
  assert.match(list(names), /^'n0', .*'n19' and 5 more$/);
  assert.equal(list([]), '');
});

test('names of a script are quoted and cut', () => {
  assert.equal(named('counts'), "'counts'");
  assert.equal(named('x'.repeat(100_000)), `'${'x'.repeat(57)}...'`);
});

test('control characters are spelt out, lines and tabs stay', () => {
  assert.equal(printable('plain\n\tümläut'), 'plain\n\tümläut');
  assert.equal(printable('\0\x1b]0;owned\x07\r\x7f'), '\\x00\\x1b]0;owned\\x07\\x0d\\x7f');
  assert.equal(printable('\u009b2J'), '\\u{9b}2J');
  assert.equal(printable('a\u202eb'), 'a\\u{202e}b');
});
