console.log(Object.keys(yeet), Object.isFrozen(yeet), String(yeet), /^\d+\.\d+\.\d+$/.test(yeet.version));
try {
  Object.assign(yeet, { exit: () => {} });
} catch (error) {
  console.log(String(error));
}
const { args } = yeet;
console.log(args === yeet.args, Reflect.deleteProperty(globalThis, 'yeet'), typeof yeet);
