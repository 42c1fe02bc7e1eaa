import { another, lab, places, Watch } from '../../../fixtures/spec/lab.ts';
import object from '../../../fixtures/spec/net.bpf.o';

const pid: number = yeet.args.pid;
const blue = [{ ns: { path: '/run/netns/blue' } }, { ns: { pid } }, { kind: 'netns', ns: { pid } }] as const;
const host = [null, { ns: 'host' }, { kind: 'netns' }] as const;
for (const spec of [...blue, ...host]) {
  const control = await another(object).attach('on_lookup', spec).start();
  places(control, 'on_lookup');
  const watch = await Watch.open(control);
  const [right, wrong] = blue.some((one) => one === spec) ? ['blue', 'host'] : ['host', 'blue'];
  lab(`send ${wrong} 7001; send green 7002; send ${right} 7003; send ${right} LAST`);
  await watch.report();
  await control.stop();
}
