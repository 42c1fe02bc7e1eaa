const sorted = [3, 1, 2].toSorted();
console.log(
  sorted,
  Object.groupBy([1, 2, 3], (x) => (x % 2 ? 'odd' : 'even')),
  [1, 2].with(0, 9),
  'ab'.isWellFormed(),
);
console.log(Promise.withResolvers instanceof Function, /[\p{L}--[a-z]]/v.test('A'));
console.log(new Date(0).toISOString(), 2n ** 100n, 0.1 + 0.2);
const shared = new Int32Array(new SharedArrayBuffer(4));
// biome-ignore lint/security/noGlobalEval: that it works is what is tested
console.log(Atomics.add(shared, 0, 5), Atomics.wait(shared, 0, 5, 5), eval('1 + 1'), new Function('return 2')());
