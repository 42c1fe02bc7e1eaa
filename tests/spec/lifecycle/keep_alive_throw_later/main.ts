setInterval(() => {}, 1000);
setTimeout(() => {
  throw new Error('after settling');
}, 10);
