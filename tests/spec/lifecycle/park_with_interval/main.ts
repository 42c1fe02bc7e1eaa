setInterval(() => {}, 250);
console.log('ready');
await new Promise(() => {});
