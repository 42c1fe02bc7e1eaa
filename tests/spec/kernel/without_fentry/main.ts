import { refusals } from '../../../fixtures/spec/kernel.ts';

await refusals('fentry', 'fexit', 'fmod_ret');
