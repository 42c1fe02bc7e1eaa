import { another, lab, Watch } from '../../../fixtures/spec/lab.ts';
import object from '../../../fixtures/spec/net.bpf.o';

const on = (order?: 'default' | 'before' | 'after') =>
  ({ kind: 'tcx', ifindex: ['lo'], ...(order && { order }) }) as const;
for (const order of [undefined, 'default', 'before', 'after'] as const) {
  const control = await another(object).attach('on_ingress', on()).attach('on_ingress_too', on(order)).start();
  const watch = await Watch.open(control);
  lab('send host LAST');
  await watch.order(2);
  await control.stop();
}
