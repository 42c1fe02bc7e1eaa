console.log(typeof Reflect.get(globalThis, 'gc'), yeet.args._);
