import { BpfError, type HardwareEvent } from 'yeet:bpf';
import { until } from '../../../fixtures/spec/check.ts';
import object from '../../../fixtures/spec/perf.bpf.o';
import { places, startPerf } from '../../../fixtures/spec/samples.ts';

const names: HardwareEvent[] = [
  'cpu_cycles',
  'instructions',
  'cache_references',
  'cache_misses',
  'branch_instructions',
  'branch_misses',
  'bus_cycles',
  'stalled_cycles_frontend',
  'stalled_cycles_backend',
  'ref_cpu_cycles',
];
const hasCounters: boolean = yeet.args.counters;
for (const name of names) {
  try {
    const control = await startPerf(object, {
      kind: 'perf',
      event: { kind: 'hardware', name },
      sample: { period: 10_000 },
    });
    await until(async () => (await places(control)).length > 0, `${name} is sampled`);
    await control.stop();
  } catch (error) {
    if (!(error instanceof BpfError) || error.code !== 'Unsupported') throw error;
    // No CPU counts everything, but cycles and instructions each one with counters does.
    if (hasCounters && ['cpu_cycles', 'instructions'].includes(name)) throw error;
    const told = ['failed to attach', `hardware event ${name}`, 'a virtual machine', 'cpu_clock', error.errno];
    const missing = told.find((part) => part === undefined || !error.message.includes(part));
    if (missing !== undefined) throw new Error(`${missing} is not in: ${error.message}`);
  }
  console.log(`${name}: counted or Unsupported`);
}
