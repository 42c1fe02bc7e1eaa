import probe from './probe.bpf.c';

console.log(probe);
