import { hex } from '../../../fixtures/spec/check.ts';
import object from '../../../fixtures/spec/control.bpf.o';

const control = await object
  .attach('add', false)
  .attach('classify', { autoattach: false })
  .attach('mark', { autoattach: false })
  .start();
const names = ['XDP_ABORTED', 'XDP_DROP', 'XDP_PASS', 'XDP_TX'];
const xdp = async (first: number) => {
  const packet = new Uint8Array(20).fill(first);
  const { returnValue, data } = await control.run('classify', { data: packet });
  console.log(names[returnValue], data?.length, data && hex(data));
};
await xdp(1);
await xdp(2);
const { returnValue, durationNs } = await control.run('classify', { data: new Uint8Array(20), repeat: 100_000 });
console.log(names[returnValue], durationNs > 0, durationNs < 100_000);

for (const length of [60, 100]) {
  const ran = await control.run('mark', { data: new Uint8Array(length), ctx: { mark: 41 } });
  console.log(ran.returnValue, ran.data?.length, (ran.ctx as { mark: number }).mark);
}
// The kernel hands a socket filter the packet without its Ethernet header.
console.log((await control.run('first_byte', { data: new ArrayBuffer(33) })).returnValue);
await control.stop();
