setTimeout(() => console.log('never'), 60_000);
console.log('end');
