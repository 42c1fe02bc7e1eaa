import './other.ts';

export const value = 1;
