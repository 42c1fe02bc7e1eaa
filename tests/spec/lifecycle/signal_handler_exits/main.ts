yeet.onSignal(() => yeet.exit(7));
console.log('ready');
await new Promise(() => {});
