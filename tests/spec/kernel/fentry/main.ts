import { count } from '../../../fixtures/spec/kernel.ts';

await count('fentry', 'fentry_elsewhere');
