import { refusals } from '../../../fixtures/spec/kernel.ts';

await refusals('multi_unknown', 'multi_no_match');
