// @ts-expect-error: made by the test
import { n } from './m0.ts';

console.log(n);
