let count = 0;
const interval = setInterval(() => {
  console.log('tick', ++count);
  if (count === 3) clearInterval(interval);
}, 5);
setTimeout(() => setTimeout(() => console.log('nested'), 5), 100);
console.log('settled');
