yeet.onSignal(async () => {
  console.log('begins');
  await new Promise((resolve) => setTimeout(resolve, 60_000));
  console.log('never');
});
console.log('ready');
await new Promise(() => {});
