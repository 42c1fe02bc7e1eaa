import { count } from '../../../fixtures/spec/kernel.ts';

await count('raw_tp', 'raw_tp_elsewhere');
