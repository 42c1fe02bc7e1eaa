import { refusals } from '../../../fixtures/spec/kernel.ts';

await refusals('kprobe_unknown', 'kprobe_forbidden', 'ksyscall_unknown');
