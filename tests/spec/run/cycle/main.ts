import { b, later } from './b.ts';

export const a = 'a';
console.log(b, later());
