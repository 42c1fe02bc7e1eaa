import { count } from '../../../fixtures/spec/kernel.ts';

await count('tracepoint', 'tracepoint_elsewhere');
