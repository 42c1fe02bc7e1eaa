/** @jsx h */
// biome-ignore lint/correctness/noUnusedVariables: JSX calls it
const h = (tag, _, ...inner) => `${tag}${inner.join('')}`;
console.log(<j>sx</j>);
