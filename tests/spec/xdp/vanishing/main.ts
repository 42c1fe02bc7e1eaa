import { until } from '../../../fixtures/spec/check.ts';
import { another, lab, places, Watch } from '../../../fixtures/spec/lab.ts';
import object from '../../../fixtures/spec/net.bpf.o';

const pid: number = yeet.args.pid;
const control = await another(object)
  .attach('on_xdp', [{ kind: 'xdp' }, { kind: 'xdp', ns: { pid }, ifindex: ['lo'] }])
  .start();
places(control, 'on_xdp');
const watch = await Watch.open(control);
const report = () => watch.report(1, { lo: 1, cable: yeet.args.cable });
lab('send blue 7001 1 10.99.0.1; send green 7002; send host LAST');
await report();
// The new cable has the old one's names and addresses; it was not there at start.
lab('ip link del h0; cable host h0 blue b0; send blue 7003 1 10.99.0.1; send green 7004; send host LAST');
await report();
lab(`kill ${pid}; send green 7005; send host LAST`);
await report();
lab('ip netns del green; ip netns del blue; send host LAST');
await report();
// Only what is still there counts as attached, once the kernel has taken the namespaces apart.
const attached = () => control.programs().find((program) => program.name === 'on_xdp')?.attached ?? [];
await until(() => attached().length === 1, 'the places that are gone have left the list');
places(control, 'on_xdp');
await control.stop();
console.log('stopped');
