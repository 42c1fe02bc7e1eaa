import probe from '../flows.bpf.o';

probe.bind('events', {
  kind: 'ringbuf',
  btf_struct: 'events', // error: TS2820
});
