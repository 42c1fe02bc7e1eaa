async function main(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 1));
  yeet.exit(3);
}
await main();
console.log('never');
