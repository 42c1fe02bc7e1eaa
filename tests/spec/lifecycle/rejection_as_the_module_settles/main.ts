await null;
Promise.reject(new Error('in the last moment'));
console.log('end');
