console.log('text', 1, -0, 1.5, NaN, 1e21, 12345678901234567890n, true, null, undefined, Symbol('s'));
console.log(['text', "it's", 'a "b"', 1n, -0, null, undefined, Symbol.iterator]);
console.log({
  a: 1,
  'b-c': 'd',
  [Symbol('e')]: 2n,
  f() {},
  g: () => {},
  get h() {
    return 1;
  },
  set i(_: number) {},
});
console.log(
  new Map<unknown, unknown>([
    ['a', 1n],
    [{ b: 2 }, new Set([1, '2'])],
  ]),
  new Set(),
  new WeakMap(),
);
console.log(
  new Uint8Array([1, 2, 255]),
  new BigUint64Array([1n, 2n ** 64n - 1n]),
  new Float32Array(2),
  new ArrayBuffer(3),
);
console.log(new Uint8Array(200));
class Point {
  #hidden = 1;
  x = 1;
  static origin = new Point();
  get length(): number {
    return this.#hidden;
  }
}
class Named extends Map {
  override get [Symbol.toStringTag](): string {
    return 'Tagged';
  }
}
console.log(new Point(), Point, class {}, new Named(), Object.create(null), Object.create(new Point()));
const cycle: Record<string, unknown> = { name: 'cycle' };
cycle.self = cycle;
cycle.list = [cycle, new Map([['in', cycle]])];
console.log(cycle);
console.log({ a: { b: { c: { d: { e: { f: 1 } } } } } });
console.log([[['deep', ['deeper', ['deepest', ['gone']]]]]]);
console.log(
  new Date(0),
  new Date(NaN),
  /a+/gi,
  function named() {},
  async () => {},
  function* generator() {},
);
console.log(new String('boxed'), new Number(1), Object(1n), new Boolean(false));
console.log(
  Promise.resolve(1),
  new Promise(() => {}),
  new Proxy({ a: 1 }, {}),
  Array(3),
  Object.assign(Array(4), { 0: 1, 3: 4 }),
);
console.log(
  'x'.repeat(30),
  Array.from({ length: 120 }, (_, i) => i),
);
console.log({ long: 'a'.repeat(100), other: 'b'.repeat(100) });
console.log('multi\nline', ['multi\nline'], 'tab\t', ['tab\t'], 'ä€😀', ['ä€😀'], '\u0000', ['\u0000']);
console.log(new URL('https://user@example.com:8080/a?b=c#d').href, new URLSearchParams('a=1&b=2'));
