await new Promise<void>((resolve) => {
  yeet.onSignal(() => resolve());
  console.log('ready');
});
console.log('after the await');
