console.log('ready');
await new Promise(() => {});
