const failing = Promise.reject(new Error('handled'));
await null;
await null;
failing.catch((error) => console.log('caught', error.message));
console.log('end');
