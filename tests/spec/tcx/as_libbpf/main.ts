import { another, lab, places, Watch } from '../../../fixtures/spec/lab.ts';
import object from '../../../fixtures/spec/net.bpf.o';

const control = await another(object)
  .attach('on_plain', { kind: 'tcx', ifindex: ['lo'] })
  .start();
places(control, 'on_plain');
const watch = await Watch.open(control);
// Both see the same packets at the same time.
lab('compare; send host LAST');
await watch.report();
await control.stop();
