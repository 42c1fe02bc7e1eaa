import { another, lab, places, Watch } from '../../../fixtures/spec/lab.ts';
import object from '../../../fixtures/spec/net.bpf.o';

// The script itself runs in the network green.
for (const spec of [null, { kind: 'tcx' }] as const) {
  const control = await another(object).attach('on_ingress', spec).start();
  places(control, 'on_ingress');
  const watch = await Watch.open(control);
  lab('send green 7001; send blue 7002; send blue 7003 2 10.99.0.1; send host LAST');
  await watch.report(1, { lo: 1, cable: yeet.args.cable });
  await control.stop();
}
