import { HashMap } from 'yeet:bpf';
import { all, text } from '../../../fixtures/spec/check.ts';
import object from '../../../fixtures/spec/maps.bpf.o';

const control = await object.bind('flows', { kind: 'hash' }).start();
const flows = new HashMap(control, 'flows');
await flows.update({ address: 0xffffffff, port: 0xffff, protocol: 0xff }, { packets: 0xffffffffffffffffn });
await flows.update({ address: 1, port: 2, protocol: 3 }, { packets: 4n });
for (let i = 0; i < 50; i++) {
  await flows.lookup({ address: 0xffffffff, port: 0xffff, protocol: 0xff });
  const found = await flows.lookup({ address: 1, port: 2, protocol: 3 });
  if (found.packets !== 4n) throw new Error(`round ${i}: ${text(found)}`);
}
console.log(text(await all(flows.keys()).then((keys) => keys.length)));
await control.stop();
