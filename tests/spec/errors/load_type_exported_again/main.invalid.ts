import { Shape } from './lib.ts';

export { Shape };
console.log('never');
