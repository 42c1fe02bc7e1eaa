import { refusals } from '../../../fixtures/spec/kernel.ts';

await refusals('lsm');
