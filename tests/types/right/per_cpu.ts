import { PercpuHashMap, QueueMap, StackTrace } from 'yeet:bpf';
import probe, { type config } from '../flows.bpf.o';
import { exactly } from './exactly.ts';

const control = await probe
  .bind('hits', { kind: 'percpu_hash' })
  .bind('changes', { kind: 'queue' })
  .bind('stacks', { kind: 'stacktrace' })
  .start();
const hits = new PercpuHashMap(control, 'hits');
exactly<bigint[] | undefined>()(await hits.lookup(1));
await hits.update(1, new Array(hits.info().num_cpus).fill(0n));
const changes = new QueueMap(control, 'changes');
await changes.push({ sample_rate: 1, enabled: 1 });
exactly<config | undefined>()(await changes.pop());
await new StackTrace(control, 'stacks').lookup(3);
