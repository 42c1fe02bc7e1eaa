import { chunk } from 'lodash';

console.log(chunk);
