// @ts-nocheck: the project has no types for JSX
/** @jsx h */
// biome-ignore lint/correctness/noUnusedVariables: JSX calls it
const h = (tag: string) => tag;
export const tsx = <tsx />;
