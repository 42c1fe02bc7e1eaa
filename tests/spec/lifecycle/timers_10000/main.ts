let fired = 0;
const timers: Promise<void>[] = [];
for (let i = 0; i < 10_000; i++) {
  timers.push(
    new Promise((resolve) => {
      setTimeout(() => {
        fired++;
        resolve();
      }, i % 50);
    }),
  );
}
await Promise.all(timers);
console.log(fired);
