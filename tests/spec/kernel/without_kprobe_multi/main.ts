import { refusals } from '../../../fixtures/spec/kernel.ts';

await refusals('kprobe_multi', 'kretprobe_multi');
