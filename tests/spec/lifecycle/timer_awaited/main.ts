const ticks: number[] = [];
const interval = setInterval(() => ticks.push(ticks.length), 5);
setTimeout(() => console.log('beside'), 10);
await new Promise<void>((resolve) => setTimeout(resolve, 60));
clearInterval(interval);
console.log('end', ticks.length >= 3);
