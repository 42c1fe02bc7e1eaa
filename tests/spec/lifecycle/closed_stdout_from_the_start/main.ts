setInterval(() => console.log('x'), 5);
await new Promise(() => {});
