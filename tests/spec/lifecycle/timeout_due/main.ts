setTimeout(() => console.log('never'), 0);
setInterval(() => console.log('never'), 1);
AbortSignal.timeout(1).addEventListener('abort', () => console.log('never'));
const start = Date.now();
while (Date.now() - start < 20);
console.log('end');
