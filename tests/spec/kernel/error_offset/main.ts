import { refusals } from '../../../fixtures/spec/kernel.ts';

await refusals('kprobe_inside_instruction', 'kprobe_behind_end', 'kretprobe_inside');
