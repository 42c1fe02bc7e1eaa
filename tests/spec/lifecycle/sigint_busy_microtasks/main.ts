console.log('ready');
for (;;) await null;
