/** @jsx h */
// biome-ignore lint/correctness/noUnusedVariables: JSX calls it
const h = (tag) => tag;
export const jsx = <jsx />;
