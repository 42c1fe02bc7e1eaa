import { deny } from '../../../fixtures/spec/kernel.ts';

await deny('lsm_sleepable', 'lsm_sleepable_elsewhere');
