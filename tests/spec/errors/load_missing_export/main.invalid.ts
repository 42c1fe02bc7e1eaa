import { x, nope } from './lib.ts';

console.log(x, nope);
