import { a } from './main.ts';

export const b = 'b';
export const later = () => a;
