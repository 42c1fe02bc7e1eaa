setInterval(() => {}, 10);
setTimeout(() => console.log('tick'), 30);
