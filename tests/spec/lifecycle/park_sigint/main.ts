console.log('ready');
await new Promise(() => {});
console.log('never');
