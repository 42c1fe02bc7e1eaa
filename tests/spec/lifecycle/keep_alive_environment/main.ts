setTimeout(() => console.log('later'), 10);
console.log('settled');
