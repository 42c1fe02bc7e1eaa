const order: string[] = [];
const note = (what: string) => (): void => void order.push(what);
setTimeout((...args: unknown[]) => order.push(args.join()), 1, 'two', 'arguments');
setTimeout(note('negative'), -5);
setTimeout(note('not a number'), NaN);
setTimeout(note('no delay'));
setTimeout(note('text'), '3' as unknown as number);
setTimeout(note('never: longer than a timer can be'), 2 ** 40);
setInterval(note('never: longer than a timer can be'), Infinity);
clearTimeout(setTimeout(note('never: cleared'), 1));
clearInterval(setTimeout(note('never: cleared as an interval'), 1));
clearTimeout(setInterval(note('never: cleared as a timeout'), 1));
clearTimeout();
clearTimeout(-1);
clearTimeout(123456);
clearTimeout('x' as unknown as number);
let rounds = 0;
const interval = setInterval(() => {
  if (++rounds === 3) clearInterval(interval);
}, 2);
await new Promise((resolve) => setTimeout(resolve, 60));
console.log(order.sort(), rounds, typeof interval);
for (const callback of [undefined, null, 'code()', 1, {}]) {
  for (const start of [setTimeout, setInterval]) {
    try {
      start(callback as unknown as () => void, 1);
    } catch (error) {
      console.log(String(error));
    }
  }
}
