import { a } from '#/a.ts';
import { deep } from '#/deep/a.ts';
// @ts-expect-error: TypeScript knows no condition "yeet"
import { chosen } from '#chosen';
import exact from '#exact';

console.log(exact, a, deep, chosen);
