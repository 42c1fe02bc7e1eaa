import { DataSec } from 'yeet:bpf';
import probe, { type config } from '../flows.bpf.o';
import { exactly } from './exactly.ts';

const control = await probe
  .bind('.rodata', { kind: 'data', init: { target_pid: 12 } })
  .bind('.bss', { kind: 'data' })
  .bind('flows.data', { kind: 'data' })
  .start();
const rodata = new DataSec(control, '.rodata');
exactly<number>()(await rodata.read('target_pid'));
exactly<string>()(await rodata.read('greeting'));
await rodata.patch({ target_pid: 5n, greeting: 'hello' });
exactly<bigint>()((await new DataSec(control, '.bss').read()).total);
const data = new DataSec(control, 'flows.data');
exactly<config>()(await data.read('current'));
await data.patch('current', { sample_rate: 5 });
await data.patch('verdicts', [0, undefined, 2]);
await data.patch('verdicts', new Uint8Array([1, 1, 1]));
