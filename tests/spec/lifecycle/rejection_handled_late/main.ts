const failing = Promise.reject(new Error('handled too late'));
setTimeout(() => failing.catch(() => console.log('never')), 10);
await new Promise((resolve) => setTimeout(resolve, 60_000));
