// Walks over everything that a script can reach: from the global object, from the modules of yeet and from what errors and functions lead to;
// through properties, accessors, prototypes and iterators. Prints what is not of the language itself, and whatever looks like a way out.

import * as bpf from 'yeet:bpf';
import object from '../../../fixtures/spec/ring.bpf.o';

const LANGUAGE = new Set(
  `AggregateError Array ArrayBuffer AsyncDisposableStack Atomics BigInt BigInt64Array BigUint64Array Boolean DataView Date DisposableStack
  Error EvalError FinalizationRegistry Float16Array Float32Array Float64Array Function Infinity Int16Array Int32Array Int8Array Intl
  Iterator JSON Map Math NaN Number Object Promise Proxy RangeError ReferenceError Reflect RegExp Set SharedArrayBuffer String
  SuppressedError Symbol SyntaxError TypeError URIError Uint16Array Uint32Array Uint8Array Uint8ClampedArray WeakMap WeakRef WeakSet
  decodeURI decodeURIComponent encodeURI encodeURIComponent escape eval globalThis isFinite isNaN parseFloat parseInt undefined unescape`
    .split(/\s+/u)
    .filter((name) => name !== ''),
);

/** Names under which runtimes keep their way to the system. */
const WAYS_OUT =
  /^(op_.*|ops|core|internals|primordials|Deno|Bun|process|require|module|__.*bootstrap.*|__yeet|fs|open|readFile|fetch|spawn|execve)$/iu;

const seen = new Set<unknown>();
const suspects: string[] = [];
let objects = 0;
const queue: [unknown, string][] = [];

function add(value: unknown, path: string): void {
  if ((typeof value !== 'object' || value === null) && typeof value !== 'function') return;
  if (seen.has(value)) return;
  seen.add(value);
  queue.push([value, path]);
}

function visit(value: object, path: string): void {
  objects++;
  add(Object.getPrototypeOf(value), `${path}.[[Prototype]]`);
  for (const key of Reflect.ownKeys(value)) {
    const name = String(key);
    const here = `${path}.${name}`;
    if (WAYS_OUT.test(name)) suspects.push(here);
    const found = Reflect.getOwnPropertyDescriptor(value, key);
    if (found === undefined) continue;
    add(found.value, here);
    add(found.get, `get ${here}`);
    add(found.set, `set ${here}`);
    if (found.get !== undefined) {
      try {
        add(Reflect.apply(found.get, value, []), here);
      } catch {
        // An accessor of a prototype, which wants an instance.
      }
    }
  }
  if (typeof value === 'function' && WAYS_OUT.test(value.name)) suspects.push(`${path} (${value.name})`);
}

add(globalThis, 'globalThis');
add(bpf, 'yeet:bpf');
add(object, 'object');
add(import.meta, 'import.meta');
// What the language makes without a name.
for (const made of [
  async () => {},
  function* () {},
  async function* () {},
  [][Symbol.iterator](),
  new Map().entries(),
  'x'.matchAll(/x/gu),
]) {
  add(made, 'made');
}
// What errors lead to: the functions of the frames, those of yeet too, and what they are called on.
(Error as unknown as { prepareStackTrace: unknown }).prepareStackTrace = (_error: Error, sites: object[]) => {
  for (const site of sites) {
    for (const way of ['getThis', 'getFunction', 'getTypeName', 'getEvalOrigin'] as const) {
      add((site as Record<string, () => unknown>)[way]?.(), `frame.${way}()`);
    }
    add(site, 'frame');
  }
  return '';
};
for (const fails of [
  () => new bpf.BpfObject({ exe: 1 as never }),
  () => object.bind('x', {} as never),
  () => structuredClone(() => {}),
]) {
  try {
    fails();
  } catch (error) {
    add((error as Error).stack, 'stack');
    add(error, 'error');
  }
}
while (true) {
  const next = queue.pop();
  if (next === undefined) break;
  visit(next[0] as object, next[1]);
}

const own = Object.getOwnPropertyNames(globalThis).filter((name) => !LANGUAGE.has(name));
console.log('globals besides the language:', own.sort().join(' '));
console.log('yeet:', Object.keys(yeet).sort().join(' '));
console.log('yeet:bpf:', Object.keys(bpf).sort().join(' '));
console.log(
  'import.meta:',
  Object.keys(import.meta)
    .sort()
    .join(' '),
);
console.log('looked at more than a thousand objects:', objects > 1000);
console.log('ways out:', suspects.sort());

for (const module of [
  'ext:core/ops',
  'ext:core/mod.js',
  'ext:yeet/js/ops.ts',
  'node:fs',
  'npm:x',
  'https://example.org/x.ts',
  'data:text/javascript,1',
  'yeet:ops',
  '/etc/passwd',
  '/proc/self/environ',
]) {
  const result = await import(module).then(
    () => 'imported',
    (error: Error) => error.message.split('\n')[0],
  );
  console.log(`${module}: ${result}`);
}
