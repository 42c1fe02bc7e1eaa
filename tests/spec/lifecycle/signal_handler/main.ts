yeet.onSignal(async (signal) => {
  console.log('got', signal);
  await new Promise((resolve) => setTimeout(resolve, 50));
  console.log('saved');
});
console.log('ready');
await new Promise(() => {});
