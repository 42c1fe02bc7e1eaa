import code from './code.ts' with { type: 'json' };

console.log(code);
