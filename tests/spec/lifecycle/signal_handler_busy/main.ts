yeet.onSignal(() => {
  console.log('begins');
  for (;;);
});
console.log('ready');
await new Promise(() => {});
