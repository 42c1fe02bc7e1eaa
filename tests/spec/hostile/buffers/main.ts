// Array buffers lie outside the heap, and together they may take as much as it.
const MIB = 1 << 20;

/** How many buffers of 4 MiB there is room for, and what ended it. */
function fill(make: () => object): [number, string] {
  const kept: object[] = [];
  try {
    for (;;) kept.push(make());
  } catch (error) {
    return [kept.length, String(error)];
  }
}

const kinds: Record<string, () => object> = {
  ArrayBuffer: () => new ArrayBuffer(4 * MIB),
  Uint8Array: () => new Uint8Array(4 * MIB),
  'a copy': () => new Uint8Array(2 * MIB).slice(),
  BigInt64Array: () => new BigInt64Array(MIB / 2),
  SharedArrayBuffer: () => new SharedArrayBuffer(4 * MIB),
};
for (const [name, make] of Object.entries(kinds)) {
  const [count, error] = fill(make);
  console.log(name, count > 8 && count <= 16, error);
  // What was dropped can be had again.
  await new Promise((resolve) => setTimeout(resolve, 1));
}
console.log(new Uint8Array(16 * MIB).length / MIB);
const kept: Uint8Array[] = [];
for (;;) kept.push(new Uint8Array(8 * MIB));
