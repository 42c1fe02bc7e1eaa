import { lab } from '../../../fixtures/spec/lab.ts';
import object from '../../../fixtures/spec/perf.bpf.o';
import { clock, sampled, startPerf } from '../../../fixtures/spec/samples.ts';

const blue: number = yeet.args.blue;
const pids = [blue];
const targets = [
  { kind: 'pids', pids },
  { kind: 'pids', pids, ns: 'host' },
  { kind: 'pids', pids, handle: { kind: 'host' } },
] as const;
for (const target of targets) {
  const control = await startPerf(object, clock({ target: { ...target, pids } }));
  await sampled(control, ['blue old']);
  await control.stop();
}
// Everybody.
for (const target of [undefined, { kind: 'pids' }, { kind: 'pids', ns: 'host' }] as const) {
  const control = await startPerf(object, clock(target ? { target } : {}));
  await sampled(control, ['blue old', 'green old'], /^(blue|green)/);
  await control.stop();
}
// What it clones and forks later is covered, whichever of its threads does it.
const control = await startPerf(object, clock({ target: { kind: 'pids', pids } }));
lab('tell $blue USR2 blue');
await sampled(control, ['blue old', 'blue young', 'blue kid']);
await control.stop();
// Threads that are there already are covered too; a child that is there already is another process.
const again = await startPerf(object, clock({ target: { kind: 'pids', pids: [blue, yeet.args.green] } }));
await sampled(again, ['blue old', 'blue young', 'green old']);
await again.stop();
