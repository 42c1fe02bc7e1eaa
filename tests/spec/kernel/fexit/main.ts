import { count } from '../../../fixtures/spec/kernel.ts';

await count('fexit', 'fexit_elsewhere');
