import probe from '../flows.bpf.o';

probe.bind('flow', { kind: 'hash' }); // error: TS2345
probe.bind('flows', { kind: 'hash' });
