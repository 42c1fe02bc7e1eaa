import { count } from '../../../fixtures/spec/kernel.ts';

await count('kprobe_multi', 'kprobe_multi_elsewhere');
