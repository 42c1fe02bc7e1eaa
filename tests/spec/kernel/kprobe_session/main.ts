import { count } from '../../../fixtures/spec/kernel.ts';

await count('kprobe_session', 'kprobe_session_elsewhere');
