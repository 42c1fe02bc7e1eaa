async function main(): Promise<void> {
  console.log('begins');
  await new Promise((resolve) => setTimeout(resolve, 1));
  console.log('never');
}

main();
console.log('end');
