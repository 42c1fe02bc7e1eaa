import './a.ts';

console.log('b');
