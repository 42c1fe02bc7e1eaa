import { another, lab, places, Watch } from '../../../fixtures/spec/lab.ts';
import object from '../../../fixtures/spec/net.bpf.o';

for (const spec of [null, {}]) {
  const control = await another(object).attach('on_connect', spec).start();
  places(control, 'on_connect');
  const watch = await Watch.open(control);
  lab('send host 7001; send_from $blue 7002; send host LAST');
  await watch.report();
  await control.stop();
}
