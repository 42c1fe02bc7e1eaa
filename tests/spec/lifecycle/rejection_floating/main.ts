async function work(): Promise<void> {
  throw new Error('nobody waits for this');
}

work();
console.log('printed');
await new Promise((resolve) => setTimeout(resolve, 60_000));
console.log('never');
