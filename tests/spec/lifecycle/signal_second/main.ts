yeet.onSignal(async () => {
  console.log('begins');
  await new Promise((resolve) => setTimeout(resolve, 1500));
  console.log('never');
});
console.log('ready');
await new Promise(() => {});
