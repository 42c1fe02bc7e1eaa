// @ts-expect-error: it is missing on purpose
export * from './missing.ts';
