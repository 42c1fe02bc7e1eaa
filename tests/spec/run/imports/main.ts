// @ts-expect-error: the folder's own path is put here by the test
import { count as absolute } from '@DIR@/lib/count.ts';
// @ts-expect-error: the same
import { count as url } from 'file://@DIR@/lib/count.ts';
import { count } from './lib/count.ts';

const { count: dynamic } = await import('./lib/../lib/count.ts');
console.log(count === absolute, count === url, count === dynamic, count());
// @ts-expect-error: TypeScript knows no queries
const { count: other } = await import('./lib/count.ts?fresh');
console.log(count === other);
