import probe from '../flows.bpf.o';

probe.bind('flows', {
  kind: 'array', // error: TS2322
});
