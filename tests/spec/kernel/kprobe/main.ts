import { count } from '../../../fixtures/spec/kernel.ts';

await count('kprobe', 'kprobe_inside', 'kprobe_elsewhere');
