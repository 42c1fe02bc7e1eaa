import { another, lab, places, Watch } from '../../../fixtures/spec/lab.ts';
import object from '../../../fixtures/spec/net.bpf.o';

const pid: number = yeet.args.pid;
const path = '/run/netns/blue';
const byFile = { kind: 'path', path: `/proc/${pid}/ns/net` } as const;
const scopes = [
  { ns: { path }, ifindex: [1] },
  { ns: { pid }, ifindex: ['lo'] },
  { net: { handle: byFile, ifindex: [1] } },
  { net: { handle: { kind: 'pid', pid } } },
  { ns: 'host', ifindex: [1] },
  { net: { handle: { kind: 'host' }, ifindex: ['lo'] } },
] as const;
for (const scope of scopes) {
  const control = await another(object)
    .attach('on_ingress', { kind: 'tcx', ...scope })
    .start();
  places(control, 'on_ingress');
  const watch = await Watch.open(control);
  const [right, wrong] = JSON.stringify(scope).includes('host') ? ['host', 'blue'] : ['blue', 'host'];
  lab(`send ${wrong} 7001; send green 7002; send ${right} 7003 2; send ${right} LAST`);
  await watch.report();
  await control.stop();
}
