import { count } from '../../../fixtures/spec/kernel.ts';

await count('kretprobe', 'kretprobe_elsewhere');
