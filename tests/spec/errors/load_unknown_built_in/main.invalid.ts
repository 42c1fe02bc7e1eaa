import { x } from 'yeet:container';

console.log(x);
