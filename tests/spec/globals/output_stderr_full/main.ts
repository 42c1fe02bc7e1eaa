console.error('lost');
console.log('goes on');
