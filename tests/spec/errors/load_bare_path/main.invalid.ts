import probe from 'probe.bpf.o';
import { x } from 'lib/x.ts';

console.log(probe, x);
