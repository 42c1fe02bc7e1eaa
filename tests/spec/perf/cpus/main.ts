import { places as attached } from '../../../fixtures/spec/lab.ts';
import object from '../../../fixtures/spec/perf.bpf.o';
import { clock, places, sampled, startPerf } from '../../../fixtures/spec/samples.ts';

// The task left has CPU 0 for itself, right has CPU 1.
for (const [cpu, wanted] of [
  [[0], ['left old']],
  [[1, 1], ['right old']],
  [undefined, ['left old', 'right old']],
] as const) {
  const control = await startPerf(object, clock(cpu === undefined ? {} : { cpu: [...cpu] }));
  if (cpu === undefined) {
    const places = control.programs().find(({ name }) => name === 'on_sample')?.attached.length;
    console.log(places === yeet.args.cpus ? 'one event on every CPU' : `${places} events on ${yeet.args.cpus} CPUs`);
  } else {
    attached(control, 'on_sample');
  }
  await sampled(control, [...wanted], /^(left|right)/);
  const cpus = new Set(
    (await places(control)).filter(([{ comm }]) => /^(left|right) /.test(comm)).map(([{ cpu }]) => cpu),
  );
  console.log(`on CPUs ${[...cpus].sort().join(', ')}`);
  await control.stop();
}
