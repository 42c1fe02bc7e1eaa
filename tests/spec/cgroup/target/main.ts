import { another, lab, places, Watch } from '../../../fixtures/spec/lab.ts';
import object from '../../../fixtures/spec/net.bpf.o';

const blue: string = yeet.args.blue;
const specs = [{ cgroup: blue }, { kind: 'cgroup', cgroup: blue }] as const;
for (const spec of specs) {
  const control = await another(object).attach('on_cgroup_packet', spec).attach('on_connect', spec).start();
  places(control, 'on_connect');
  places(control, 'on_cgroup_packet');
  const watch = await Watch.open(control);
  lab('send host 7001; send_from $green 7002; send_from $blue 7003; send_from $blue/below 7004; send_from $blue LAST');
  await watch.report(2);
  await control.stop();
}
// The same program on two groups.
const control = await another(object)
  .attach('on_connect', [{ cgroup: blue }, { cgroup: yeet.args.green }])
  .start();
const watch = await Watch.open(control);
lab('send host 7001; send_from $green 7002; send_from $blue LAST');
await watch.report();
await control.stop();
