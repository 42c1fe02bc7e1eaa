export const word = 'beside the real file';
