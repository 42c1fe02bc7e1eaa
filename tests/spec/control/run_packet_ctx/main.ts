import { hex } from '../../../fixtures/spec/check.ts';
import object from '../../../fixtures/spec/control.bpf.o';

const control = await object.attach('add', false).attach('classify', { autoattach: false }).start();
const packet = new Uint8Array(20).fill(3);
const { returnValue, data } = await control.run('classify', { data: packet, ctx: { data: 4 } });
console.log(returnValue === 3 ? 'XDP_TX' : returnValue, data && hex(data));
await control.stop();
