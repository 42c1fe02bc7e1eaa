import { equal, until } from '../../../fixtures/spec/check.ts';
import { lab } from '../../../fixtures/spec/lab.ts';
import object from '../../../fixtures/spec/perf.bpf.o';
import { count, startPerf } from '../../../fixtures/spec/samples.ts';

const control = await startPerf(object, {
  kind: 'perf',
  event: { kind: 'software', name: 'page_faults' },
  sample: { period: 1 },
  target: { kind: 'pids', pids: [yeet.args.blue] },
});
// Both watch the same faults at the same time.
lab('compare');
await until(async () => (await count(control, 'blue')) >= 3000, 'all faults are counted');
const ours = await count(control, 'blue');
equal(ours < 3300, true, `${ours} faults`);
lab(`theirs ${ours}`);
await control.stop();
