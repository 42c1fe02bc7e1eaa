import { HashMap, PercpuHashMap } from 'yeet:bpf';
import probe from '../flows.bpf.o';

const control = await probe.bind('flows', { kind: 'hash' }).bind('hits', { kind: 'percpu_hash' }).start();
await new HashMap(control, 'flows').lookup(
  { saddr: 1, sport: 2 }, // error: TS2561
);
await new PercpuHashMap(control, 'hits').lookup('bash'); // error: TS2345
