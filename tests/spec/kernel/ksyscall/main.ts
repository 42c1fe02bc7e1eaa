import { count } from '../../../fixtures/spec/kernel.ts';

await count('ksyscall', 'ksyscall_elsewhere');
