const { log } = console;
const broken = () => {
  throw new Error('broken on purpose');
};
const holders = [
  Array.prototype,
  Map.prototype,
  Set.prototype,
  String.prototype,
  Promise,
  Object,
  Reflect,
  JSON,
  Error,
];
const targets = holders.flatMap((holder) => Object.getOwnPropertyNames(holder).map((name) => [holder, name] as const));
const { defineProperty } = Object;
for (let i = 0; i < targets.length; i++) {
  const target = targets[i];
  if (target === undefined || target[1] === 'constructor' || target[1] === 'prototype' || target[1] === 'length')
    continue;
  defineProperty(target[0], target[1], { value: broken, configurable: true, writable: true });
}
await new Promise<void>((resolve) => setTimeout(resolve, 5));
log('still prints');
throw new TypeError('still reported');
