import lib from './lib.ts';

console.log(lib);
