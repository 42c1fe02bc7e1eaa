export const run = (_: unknown): void => {};
