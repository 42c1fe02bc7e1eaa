import { DataSec, PercpuArrayMap, PercpuHashMap } from 'yeet:bpf';
import { doorbell, equal, withDoorbell } from '../../../fixtures/spec/check.ts';
import object from '../../../fixtures/spec/maps.bpf.o';

const control = await withDoorbell(object)
  .bind('cpu_counts', { kind: 'percpu_hash' })
  .bind('cpu_slots', { kind: 'percpu_array' })
  .bind('.bss', { kind: 'data' })
  .start();
const ring = await doorbell(control);
const counts = new PercpuHashMap<number, bigint>(control, 'cpu_counts');
const slots = new PercpuArrayMap<number>(control, 'cpu_slots');
const bss = new DataSec(control, '.bss');
console.log(
  await counts.lookup(1),
  (await slots.lookup(1))?.every((n) => n === 0),
);
const expected = new Array<bigint>(counts.info().num_cpus).fill(0n);
for (let i = 0; i < 1000; i++) {
  ring(3, 1, 2n);
  const cpu = Number(await bss.read('answer'));
  expected[cpu] = (expected[cpu] ?? 0n) + 2n;
}
// The program says on which CPU it ran: the values are in CPU order.
equal(await counts.lookup(1), expected, 'the hash');
equal(await slots.lookup(1), expected.map(Number), 'the array');
const values = (await counts.lookup(1)) ?? [];
console.log(values.reduce((a, b) => a + b, 0n));
await control.stop();
