import text from './notes.ts' with { type: 'text' };

console.log(text);
