import { until } from '../../../fixtures/spec/check.ts';
import { another, lab, Watch } from '../../../fixtures/spec/lab.ts';
import object from '../../../fixtures/spec/net.bpf.o';

const control = await another(object)
  .attach('on_cgroup_packet', [{ cgroup: yeet.args.blue }, { cgroup: yeet.args.green }])
  .start();
const watch = await Watch.open(control);
lab('send_from $blue 7001; send_from $green LAST');
await watch.report();
// The new group has the old one's name.
lab('remove_group $blue; mkdir $blue; send_from $blue 7002; send_from $green LAST');
await watch.report();
const attached = () => control.programs().find(({ name }) => name === 'on_cgroup_packet')?.attached ?? [];
await until(() => attached().length === 1, 'the kernel lets go of the group');
console.log(attached()[0]?.target === yeet.args.green);
await control.stop();
console.log('stopped');
