import './present.ts';
import { x } from './missing.ts';

console.log(x);
