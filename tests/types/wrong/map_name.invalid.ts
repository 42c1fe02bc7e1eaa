import { HashMap } from 'yeet:bpf';
import probe from '../flows.bpf.o';

const control = await probe.bind('flows', { kind: 'hash' }).start();
new HashMap(control, 'flow'); // error: TS2345
