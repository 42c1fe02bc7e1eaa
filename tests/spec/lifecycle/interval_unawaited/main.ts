setInterval(() => console.log('never'), 10);
console.log('end');
