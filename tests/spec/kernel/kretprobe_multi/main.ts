import { count } from '../../../fixtures/spec/kernel.ts';

await count('kretprobe_multi', 'kretprobe_multi_elsewhere');
