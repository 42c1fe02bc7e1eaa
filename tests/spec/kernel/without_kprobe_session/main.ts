import { refusals } from '../../../fixtures/spec/kernel.ts';

await refusals('kprobe_session');
