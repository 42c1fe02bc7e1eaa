import { another, lab, Watch } from '../../../fixtures/spec/lab.ts';
import object from '../../../fixtures/spec/net.bpf.o';

const path = '/run/netns/blue';
const control = await another(object)
  .attach('on_lookup', [{ ns: { path } }, { ns: 'host' }])
  .attach('on_filter', { pf: 'inet4', hook: 'local_in', priority: 0, ns: { path } })
  .start();
const watch = await Watch.open(control);
lab('send blue 7001; send host LAST');
await watch.report();
// The new namespace has the old one's name.
lab('ip netns del blue; network blue; send blue 7002; send host LAST');
await watch.report();
await control.stop();
console.log('stopped');
