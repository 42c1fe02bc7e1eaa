yeet.onSignal(() => {
  throw new Error('a handler failed');
});
yeet.onSignal(async () => {
  await new Promise((resolve) => setTimeout(resolve, 20));
  console.log('the second');
});
yeet.onSignal(() => console.log('the third'));
console.log('ready');
await new Promise(() => {});
