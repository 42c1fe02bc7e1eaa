import { another, lab, places, Watch } from '../../../fixtures/spec/lab.ts';
import object from '../../../fixtures/spec/net.bpf.o';

const pid: number = yeet.args.pid;
const scopes = [{ ns: { pid } }, { ns: { path: '/run/netns/blue' } }, { ns: 'host' }, {}] as const;
for (const scope of scopes) {
  const control = await another(object)
    .attach('on_filter', { kind: 'netfilter', pf: 'inet4', hook: 'local_in', priority: 100, ...scope })
    .start();
  places(control, 'on_filter');
  const watch = await Watch.open(control);
  const [right, wrong] = 'ns' in scope && scope.ns !== 'host' ? ['blue', 'host'] : ['host', 'blue'];
  lab(`send ${wrong} 7001; send green 7002; send ${right} 7003; send ${right} LAST`);
  await watch.report();
  await control.stop();
}
