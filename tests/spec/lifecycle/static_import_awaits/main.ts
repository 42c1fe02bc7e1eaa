import './b.ts';
import './a.ts';

console.log('main');
