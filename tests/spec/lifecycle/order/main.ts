setTimeout(() => console.log('timer 20'), 20);
setTimeout(() => console.log('timer 0'), 0);
queueMicrotask(() => console.log('microtask'));
Promise.resolve().then(() => console.log('promise'));
console.log('sync');
await null;
console.log('after an await');
await new Promise((resolve) => setTimeout(resolve, 60));
console.log('end');
