await new Promise<void>((resolve) => {
  setTimeout(() => {
    console.log('first');
    resolve();
  }, 10);
  setTimeout(() => console.log('never'), 10);
  const start = Date.now();
  while (Date.now() - start < 20);
});
console.log('end');
