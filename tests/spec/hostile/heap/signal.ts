yeet.onSignal(() => {
  const kept: number[][] = [];
  for (;;) kept.push(new Array(10_000).fill(1.5));
});
console.log('ready');
await new Promise(() => {});
