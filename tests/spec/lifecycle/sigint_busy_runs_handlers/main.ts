yeet.onSignal((signal) => console.log('handler', signal));
await null;
console.log('ready');
for (;;);
