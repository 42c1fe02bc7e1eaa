import type { SoftwareEvent } from 'yeet:bpf';
import { lab, places } from '../../../fixtures/spec/lab.ts';
import object from '../../../fixtures/spec/perf.bpf.o';
import { sampled, startPerf } from '../../../fixtures/spec/samples.ts';

const start = (name: SoftwareEvent, period: number) =>
  startPerf(object, { kind: 'perf', event: { kind: 'software', name }, sample: { period }, cpu: [0, 1] });
// What the tasks of the lab do: use their CPU, fault, and change places.
for (const [name, period, order, wanted] of [
  ['cpu_clock', 1_000_000, ':', 'blue old'],
  ['task_clock', 1_000_000, ':', 'blue old'],
  ['page_faults', 1, 'tell $blue USR1 blue', 'blue'],
  ['page_faults_min', 1, 'tell $blue USR1 blue', 'blue'],
  ['context_switches', 1, 'for i in 1 2 3 4 5; do tell $blue USR1 blue; done', 'blue'],
  ['cpu_migrations', 1, 'for cpu in 0 1 0 1 0 1 0 1 0 1 0 1; do migrate $cpu; done', 'blue old'],
] as const) {
  const control = await start(name, period);
  places(control, 'on_sample');
  lab(order);
  await sampled(control, [wanted], new RegExp(`^${wanted}$`));
  await control.stop();
}
// What no process of a test brings about at will: that it attaches is all that can be seen.
for (const name of ['page_faults_maj', 'alignment_faults', 'emulation_faults'] as const) {
  const control = await start(name, 1);
  places(control, 'on_sample');
  await control.stop();
}
