import { deny } from '../../../fixtures/spec/kernel.ts';

await deny('fmod_ret', 'fmod_ret_elsewhere');
