console.log('lost');
console.error('never');
