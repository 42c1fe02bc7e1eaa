import { refusals } from '../../../fixtures/spec/kernel.ts';

await refusals('tp_btf_unknown', 'raw_tp_unknown', 'tracepoint_unknown', 'tracepoint_category', 'iter_unknown');
