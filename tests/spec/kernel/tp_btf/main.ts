import { count } from '../../../fixtures/spec/kernel.ts';

await count('tp_btf', 'tp_btf_elsewhere');
