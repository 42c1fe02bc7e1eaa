import { BpfObject } from 'yeet:bpf';

new BpfObject({ exe: 'x.bpf.o' })
  .bind('events', { kind: 'ringbuf', btf_struct: 'event', capactiy: 16, colour: 'red' })
  .bind('counts', { kind: 'hash', capacity: 16 })
  .bind('.data', { kind: 'data', inti: {}, absent: undefined });
console.log('went on');
