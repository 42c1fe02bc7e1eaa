console.log('before');
if (Date.now() > 0) throw new Error('at the top');
console.log('never');
