const interval = setInterval(() => {}, 1);
const timeout = setTimeout(() => {}, 60_000);
await new Promise((resolve) => setTimeout(resolve, 10));
clearInterval(interval);
clearTimeout(timeout);
