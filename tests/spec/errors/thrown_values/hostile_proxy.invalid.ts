const bomb = (): never => {
  throw new Error('a bomb');
};
throw new Proxy({}, { get: bomb, getPrototypeOf: bomb, ownKeys: bomb, has: bomb, getOwnPropertyDescriptor: bomb });
