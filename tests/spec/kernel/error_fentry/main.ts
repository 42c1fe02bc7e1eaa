import { refusals } from '../../../fixtures/spec/kernel.ts';

await refusals('fentry_unknown', 'fmod_ret_forbidden');
