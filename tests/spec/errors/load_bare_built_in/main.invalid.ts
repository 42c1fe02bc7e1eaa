import { RingBuf } from 'bpf';

console.log(RingBuf);
