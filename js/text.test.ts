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

test('control characters are spelt out, lines stay', () => {
  assert.equal(printable('a\0b\x1b[2J\x07\x9b\r\n\tc'), 'a\\u0000b\\u001b[2J\\u0007\\u009b\\u000d\n\tc');
});
