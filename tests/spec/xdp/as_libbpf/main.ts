import { another, lab, places, Watch } from '../../../fixtures/spec/lab.ts';
import object from '../../../fixtures/spec/net.bpf.o';

// An interface takes one XDP program: libbpf has had its turn before.
const control = await another(object)
  .attach('on_xdp', { kind: 'xdp', ifindex: ['lo'] })
  .start();
places(control, 'on_xdp');
const watch = await Watch.open(control);
lab('send host 7001 100; send blue 7002 10; send host LAST');
await watch.report();
await control.stop();
