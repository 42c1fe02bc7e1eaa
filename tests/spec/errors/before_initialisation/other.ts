import { value } from './main.invalid.ts';

console.log(value);
