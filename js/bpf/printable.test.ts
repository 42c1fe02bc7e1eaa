import assert from 'node:assert/strict';
import { test } from 'node:test';
import { printable } from './printable.ts';

test('control characters are shown, lines and tabs kept', () => {
  assert.equal(printable('plain\n\tümläut'), 'plain\n\tümläut');
  assert.equal(printable('\x1b]0;owned\x07\r\x7f'), '\\x1b]0;owned\\x07\\x0d\\x7f');
  assert.equal(printable('\u009b2J'), '\\u{9b}2J');
  assert.equal(printable('a\u202eb'), 'a\\u{202e}b');
});
