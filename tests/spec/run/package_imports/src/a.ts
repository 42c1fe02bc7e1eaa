import '#/side.ts';

export const a = 'a';
