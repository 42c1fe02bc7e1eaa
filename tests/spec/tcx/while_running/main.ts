import { another, lab, places, Watch } from '../../../fixtures/spec/lab.ts';
import object from '../../../fixtures/spec/net.bpf.o';

// XDP on the loopback interface tells when the lab is done.
const control = await another(object)
  .attach('on_xdp', { kind: 'xdp', ifindex: ['lo'] })
  .attach('on_ingress', { kind: 'tcx', ifindex: ['lo'] })
  .start();
const watch = await Watch.open(control);
// Index 4711 is that of the cable, which comes only now.
const names = { lo: 1, cable: 4711 };
lab('cable host h0 blue b0 4711; send host LAST');
await watch.report(2, names);
await control.attach('on_ingress', [
  { kind: 'tcx', ifindex: ['h0'] },
  { kind: 'tcx', ns: { path: '/run/netns/blue' }, ifindex: ['lo'] },
]);
places(control, 'on_ingress');
lab('send blue 7001 1 10.99.0.1; send blue 7002; send host LAST');
await watch.report(2, names);
await control.detach('on_ingress');
lab('send blue 7003 1 10.99.0.1; send blue 7004; send host LAST');
await watch.report(1, names);
await control.stop();
