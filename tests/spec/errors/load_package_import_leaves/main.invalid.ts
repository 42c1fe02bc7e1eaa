import { x } from '#/../../x.ts';

console.log(x);
