const bomb = (): never => {
  throw new Error('a bomb');
};
console.log({
  get a() {
    return bomb();
  },
  b: 1,
});
console.log(new Proxy({ a: 1 }, { get: bomb, ownKeys: bomb, getOwnPropertyDescriptor: bomb, getPrototypeOf: bomb }));
const inspected = { [Symbol.for('Deno.customInspect')]: bomb };
try {
  console.log(inspected);
} catch (error) {
  console.log('caught', (error as Error).message);
}
try {
  console.log(`${{ toString: bomb }}`);
} catch (error) {
  console.log('caught', (error as Error).message);
}
const stackless = new Error('no stack');
Object.defineProperty(stackless, 'stack', { get: bomb });
try {
  console.log(stackless);
} catch (error) {
  console.log('caught', (error as Error).message);
}
let deep: unknown[] = [];
for (let i = 0; i < 100_000; i++) deep = [deep];
console.log(deep);
console.log('end');
