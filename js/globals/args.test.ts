import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Args, parseArgs } from './args.ts';

/** What listing the arguments shows. */
const shown = (args: Args): Record<string, unknown> => ({ ...args });
const parse = (line: string): Record<string, unknown> =>
  shown(parseArgs(line.split(' ').filter((word) => word !== '')));
const parsed = (rest: Record<string, unknown>): Record<string, unknown> => ({ _: [], '--': [], ...rest });

test('values with a space, with an equals sign, and none', () => {
  assert.deepEqual(parse('--k v --l=w --flag'), parsed({ k: 'v', l: 'w', flag: true }));
  assert.deepEqual(parse('--empty= --sum=1+1=2'), parsed({ empty: '', sum: '1+1=2' }));
  assert.deepEqual(parse('--flag --other x'), parsed({ flag: true, other: 'x' }));
});

test('--no-x', () => {
  assert.deepEqual(parse('--no-colour pos'), parsed({ colour: false, _: ['pos'] }));
  assert.deepEqual(parse('--no-a=1 --no-'), parsed({ 'no-a': 1, 'no-': true }));
});

test('repeats make an array in order', () => {
  assert.deepEqual(parse('--p 1 --q x --p 2 --p'), parsed({ p: [1, 2, true], q: 'x' }));
});

test('numbers, and what only looks like one', () => {
  assert.deepEqual(parse('--a 1 --b -2.5 --c 0x10 --d 1e3 --e .5'), parsed({ a: 1, b: -2.5, c: 16, d: 1000, e: 0.5 }));
  assert.deepEqual(
    parse('--a 1.2.3 --b 12ab --c - --d Infinity'),
    parsed({ a: '1.2.3', b: '12ab', c: '-', d: 'Infinity' }),
  );
  assert.deepEqual(
    parse('--id 12345678901234567890 --ok 9007199254740991'),
    parsed({ id: '12345678901234567890', ok: 9007199254740991 }),
  );
  assert.deepEqual(parse('--a true --b=false --c True'), parsed({ a: true, b: false, c: 'True' }));
});

test('a number that was written on the way in is text again where it stands alone', () => {
  assert.deepEqual(parse('12 -3'), parsed({ _: ['12', '-3'] }));
});

test('short flags', () => {
  assert.deepEqual(parse('-n 5 -abc -x=1 -m7 -o0.5'), parsed({ n: 5, a: true, b: true, c: true, x: 1, m: 7, o: 0.5 }));
  assert.deepEqual(parse('-ab 7'), parsed({ a: true, b: 7 }));
});

test('a word that begins with a dash is no value', () => {
  assert.deepEqual(parse('--a --b -c -'), parsed({ a: true, b: true, c: '-' }));
});

test('all after a bare -- is text', () => {
  assert.deepEqual(parse('--a -- --b 1 -- x'), parsed({ a: true, '--': ['--b', '1', '--', 'x'] }));
  assert.deepEqual(parse('--'), parsed({}));
});

test('either spelling reads, the one that was typed is listed', () => {
  const args = parseArgs(['--dry-run', '--max_age', '3', '--a-b_c', 'x']);
  assert.deepEqual(Object.keys(args).slice(2), ['dry-run', 'max_age', 'a-b_c']);
  assert.deepEqual([args['dry-run'], args.dry_run, args.max_age, args['max-age'], args.a_b_c], [true, true, 3, 3, 'x']);
  assert.deepEqual(parse('--dry-run --dry_run no'), parsed({ dry_run: [true, 'no'] }));
});

test('names that mean something to JavaScript are names like others', () => {
  const args = parseArgs(['--__proto__', 'x', '--constructor', '1', '--toString']);
  assert.equal(Object.getPrototypeOf(args), null);
  assert.deepEqual([Reflect.get(args, '__proto__'), args.constructor, args.toString], ['x', 1, true]);
});

test('names that are taken stay words', () => {
  assert.deepEqual(parse('--_ y ---- --=x -_'), parsed({ _: ['--_', 'y', '----', '--=x', '-_'] }));
});
