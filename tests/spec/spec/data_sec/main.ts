import { DataSec, RingBuf } from 'yeet:bpf';
import { doorbell, until, withDoorbell } from '../../../fixtures/spec/check.ts';
import probe from '../../../fixtures/spec/probe.bpf.o';

const control = await withDoorbell(probe)
  .bind('events', { kind: 'ringbuf', btf_struct: 'event' })
  .bind('.rodata', { kind: 'data' })
  .start();
const numbers: bigint[] = [];
await new RingBuf(control, 'events').subscribe(({ event }) => numbers.push(event.number));
const ring = await doorbell(control);
ring(0);

const cfg = new DataSec(control, '.rodata');
await cfg.patch('target_pid', 1234n);
await cfg.patch({ sample_rate: 100, enabled: 1 });
ring(0);
await until(() => numbers.length === 2, 'two events came');
console.log(numbers.join(), await cfg.read());
await control.stop();
