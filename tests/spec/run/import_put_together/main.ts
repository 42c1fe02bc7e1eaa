// Nothing in this text says that a module is wanted, so the runtime began without those that are built in.
const run: (code: string) => unknown = Reflect.get(globalThis, 'ev' + 'al');
try {
  await run(`im` + `port('yeet:bpf')`);
  console.log('loaded');
} catch (error) {
  console.log((error as Error).message);
}
// A file of one's own can be had all the same.
console.log(Object.keys((await run(`im` + `port('./other.ts')`)) as object));
