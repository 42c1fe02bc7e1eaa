async function main(): Promise<void> {
  yeet.exit(3);
}
main();
console.log('never');
