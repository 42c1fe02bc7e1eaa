export const mjs = 'mjs';
