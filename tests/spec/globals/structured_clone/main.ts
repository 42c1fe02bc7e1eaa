const original = {
  map: new Map([[1, { big: 2n }]]),
  date: new Date(0),
  bytes: new Uint8Array([1, 2]),
  set: new Set('ab'),
  re: /x/g,
  un: undefined,
};
const copy = structuredClone(original);
console.log(copy, copy.map !== original.map);
const cycle: { self?: unknown } = {};
cycle.self = cycle;
const cycleCopy = structuredClone(cycle);
console.log(cycleCopy.self === cycleCopy, structuredClone(new RangeError('copied')) instanceof RangeError);
const buffer = new ArrayBuffer(8);
const moved = structuredClone({ buffer }, { transfer: [buffer] });
console.log(buffer.byteLength, buffer.detached, moved.buffer.byteLength);
for (const value of [() => {}, Symbol('s'), new WeakMap(), Promise.resolve(), new Proxy({}, {})]) {
  try {
    structuredClone(value);
    console.log('copied');
  } catch (error) {
    console.log((error as Error).name, error instanceof DOMException);
  }
}
try {
  structuredClone(1, { transfer: [buffer] });
} catch (error) {
  console.log(String(error));
}
