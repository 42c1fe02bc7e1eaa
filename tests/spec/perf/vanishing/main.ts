import { until } from '../../../fixtures/spec/check.ts';
import { lab } from '../../../fixtures/spec/lab.ts';
import object from '../../../fixtures/spec/perf.bpf.o';
import { clock, count, sampled, startPerf } from '../../../fixtures/spec/samples.ts';

const { blue, green, group }: { blue: number; green: number; group: string } = yeet.args as never;
const control = await startPerf(object, [
  clock({ target: { kind: 'pids', pids: [blue, green] } }),
  clock({ target: { kind: 'cgroup', path: group } }),
]);
await sampled(control, ['blue old', 'green old', 'red old']);
const goesOn = async (name: string) => {
  const before = await count(control, name);
  await until(async () => (await count(control, name)) > before + 5, `${name} is sampled again`);
  console.log(`${name} is sampled again`);
};
lab('kill -KILL $blue');
await goesOn('green old');
await goesOn('red old');
lab('remove_group $group');
await goesOn('green old');
lab('kill -KILL $green; sleep 0.1');
await control.stop();
console.log('stopped');
