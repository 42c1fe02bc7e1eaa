// @ts-nocheck: the project has no types for JavaScript and JSX

import { tsx } from './five.tsx';
import { mts } from './four.mts';
import { js } from './one.js';
import { mjs } from './three.mjs';
import { jsx } from './two.jsx';

console.log(js, jsx, mjs, mts, tsx);
