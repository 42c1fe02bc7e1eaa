import { x } from '#lib/x.ts';

console.log(x);
