import probe from '../flows.bpf.o';

probe.attach('on_exit'); // error: TS2345
probe.attach('on_packet', { kind: 'uprobe', binary: 'libc.so.6', symbol: 'malloc' }); // error: TS2345
const control = await probe.start();
await control.run('on_packt'); // error: TS2345
