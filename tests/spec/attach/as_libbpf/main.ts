import { until } from '../../../fixtures/spec/check.ts';
import { lab } from '../../../fixtures/spec/lab.ts';
import object from '../../../fixtures/spec/perf.bpf.o';
import { count } from '../../../fixtures/spec/samples.ts';

object.attach('on_sample', false).attach('on_exec', null).bind('samples', { kind: 'hash' });
const control = await object.start();
// Both watch at the same time, and another program runs too.
lab('for i in {1..50}; do lab-true; lab-false || true; done');
await until(async () => (await count(control, 'lab-true')) >= 50, 'all have run');
console.log(`yeet: lab-true x ${await count(control, 'lab-true')}`);
await control.stop();
