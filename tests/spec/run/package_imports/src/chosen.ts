export const chosen = 'chosen';
