import { caught } from '../../../fixtures/spec/check.ts';
import { another, lab, Watch } from '../../../fixtures/spec/lab.ts';
import object from '../../../fixtures/spec/net.bpf.o';

const at = (priority: number) => ({ pf: 'inet4', hook: 'local_in', priority }) as const;
for (const [first, second] of [
  [10, 20],
  [20, -20],
] as const) {
  const control = await another(object).attach('on_filter', at(first)).attach('on_filter_too', at(second)).start();
  const watch = await Watch.open(control);
  lab('send host LAST');
  await watch.order(2);
  await control.stop();
}
// Each place is taken once.
const error = await caught(() => another(object).attach('on_filter', at(10)).attach('on_filter_too', at(10)).start());
console.log(`${error.code}: ${error.message}`);
console.log(`program ${error.program}, ${error.errno}`);
const control = await another(object).attach('on_filter', at(10)).start();
const watch = await Watch.open(control);
lab('links; send host LAST');
await watch.report();
await control.stop();
