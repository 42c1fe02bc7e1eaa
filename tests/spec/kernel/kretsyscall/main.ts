import { count } from '../../../fixtures/spec/kernel.ts';

await count('kretsyscall', 'kretsyscall_elsewhere');
