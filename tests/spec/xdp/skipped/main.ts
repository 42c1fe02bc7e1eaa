import { another, lab, places, Watch } from '../../../fixtures/spec/lab.ts';
import object from '../../../fixtures/spec/net.bpf.o';

const first = await another(object)
  .attach('on_xdp', { kind: 'xdp', ifindex: ['lo'] })
  .start();
const second = await another(object).attach('on_xdp', { kind: 'xdp' }).start();
places(second, 'on_xdp');
const watch = await Watch.open(second);
lab('send host 7001; send blue LAST 1 10.99.0.1');
await watch.report(1, { lo: 1, cable: yeet.args.cable });
await second.stop();
await first.stop();
