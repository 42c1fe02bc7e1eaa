import { Shape, make } from './shapes.ts';
import type { Only } from './missing_and_never_loaded.ts';
import { type Other } from './shapes.ts';
import { Unused } from './unused_and_never_loaded.ts';

const shape: Shape = make();
const only: Only | Other = 1;
console.log(shape, only);
