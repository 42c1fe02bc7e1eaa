import type { BpfControl } from 'yeet:bpf';
import probe from '../flows.bpf.o';

const control = await probe
  .attach('on_exec')
  .attach('on_call', { kind: 'uprobe', binary: 'libc.so.6', symbol: 'malloc' })
  .attach('on_packet', [
    { kind: 'xdp', ifindex: ['lo'] },
    { kind: 'xdp', ns: { pid: 1 } },
  ])
  .attach('on_tick', false)
  .start();
await control.attach('on_call', { kind: 'uprobe', binary: 'libc.so.6', match: /^mem/ });
await control.detach('on_packet');
await control.run('on_packet', { data: new Uint8Array(14) });
for await (const { flow } of control.iterate('on_exec', { btf_struct: 'flow' })) console.log(flow.bytes + 1n);

// Typed objects go where any object goes.
const names = (any: BpfControl): string[] => any.programs().map(({ name }) => name);
console.log(names(control));
