import { DataSec } from 'yeet:bpf';
import probe from '../flows.bpf.o';

const control = await probe.bind('.rodata', { kind: 'data' }).start();
const rodata = new DataSec(control, '.rodata');
await rodata.read('pid'); // error: TS2345
await rodata.patch('target_pid', 'all'); // error: TS2345
await rodata.patch({ target: 1 }); // error: TS2353
const pid: string = await rodata.read('target_pid'); // error: TS2322
console.log(pid);
