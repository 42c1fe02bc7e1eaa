import { equal, sleep, until } from '../../../fixtures/spec/check.ts';
import { lab } from '../../../fixtures/spec/lab.ts';
import object from '../../../fixtures/spec/perf.bpf.o';
import { clock, count, places, startPerf } from '../../../fixtures/spec/samples.ts';

const target = { kind: 'pids', pids: [yeet.args.blue as number] } as const;
const faults = { kind: 'software', name: 'page_faults' } as const;

// The task touches 1000 pages; a few more faults are its own.
for (const [period, least, most] of [
  [1, 1000, 1100],
  [10, 99, 111],
] as const) {
  const control = await startPerf(object, { kind: 'perf', event: faults, sample: { period }, target });
  lab('tell $blue USR1 blue');
  await until(async () => (await count(control, 'blue')) >= least, `${least} samples at period ${period}`);
  await sleep(100);
  equal((await count(control, 'blue')) <= most, true, `at most ${most} samples at period ${period}`);
  console.log(`period ${period}: as many samples as expected`);
  await control.stop();
}

// How often a task is hit depends on how long it is let run, but never more often than asked.
const begin = performance.now();
const often = await startPerf(object, clock({ target, sample: { freq: 100 } }));
await until(async () => (await count(often, 'blue old')) >= 50, 'fifty samples');
const hits = await count(often, 'blue old');
const expected = (performance.now() - begin) / 10;
await often.stop();
equal(hits < expected * 1.2 + 5, true, `${hits} samples where at most about ${expected} were asked for`);
console.log('freq 100: as many samples as expected');

// Without sample the event counts, and the program never runs.
const counting = await startPerf(object, { kind: 'perf', event: faults, target });
lab('tell $blue USR1 blue');
const watch = await startPerf(object, { kind: 'perf', event: faults, sample: { period: 1 }, target });
lab('tell $blue USR1 blue');
await until(async () => (await count(watch, 'blue')) >= 1000, 'another sees the faults');
equal(await places(counting), [], 'samples of a counter');
console.log(
  counting
    .programs()
    .find(({ name }) => name === 'on_sample')
    ?.attached[0]?.target.replace(/\d+/, 'N'),
);
await watch.stop();
await counting.stop();
