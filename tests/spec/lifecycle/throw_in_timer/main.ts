setTimeout(() => {
  throw new RangeError('in a timer');
}, 10);
await new Promise((resolve) => setTimeout(resolve, 60_000));
