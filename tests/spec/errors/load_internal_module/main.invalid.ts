import { core } from 'ext:core/mod.js';

console.log(core);
