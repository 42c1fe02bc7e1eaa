import { another, lab, places, Watch } from '../../../fixtures/spec/lab.ts';
import object from '../../../fixtures/spec/net.bpf.o';

const cable: number = yeet.args.cable;
const lists = [['h0'], [cable], [1, 'h0', cable, 'lo']];
for (const ifindex of lists) {
  const control = await another(object).attach('on_xdp', { kind: 'xdp', ifindex }).start();
  places(control, 'on_xdp');
  const watch = await Watch.open(control);
  lab('send host 7001; send blue 7002; send blue LAST 1 10.99.0.1');
  await watch.report(1, { lo: 1, cable });
  await control.stop();
}
