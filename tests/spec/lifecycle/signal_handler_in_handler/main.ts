yeet.onSignal(() => yeet.onSignal((signal) => console.log('second', signal)));
console.log('ready');
await new Promise(() => {});
