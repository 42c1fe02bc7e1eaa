import { deny } from '../../../fixtures/spec/kernel.ts';

await deny('lsm', 'lsm_elsewhere');
