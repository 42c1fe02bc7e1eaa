import { type AttachSpec, BpfObject } from 'yeet:bpf';
import { failure } from '../../../fixtures/spec/check.ts';
import { dir, library, shop } from '../../../fixtures/uprobe/calls.ts';

async function refused(spec: AttachSpec, program = 'on_call'): Promise<void> {
  const calls = new BpfObject({ exe: '../../../fixtures/uprobe/calls.bpf.o', base: import.meta.dirname });
  calls.attach('on_done', false).attach(program, spec);
  const message = (await failure(() => calls.start())).replaceAll(dir, 'DIR');
  // What depends on the compiler.
  console.log(message.replace(/0x\w+, 0x\w+/, 'AT, AT').replace(/the \d+ bytes/, 'the N bytes'));
}

await refused(shop('shop_opn'));
await refused(shop('count_items', { binary: `${dir}/libshop-bare.so` }));
await refused(shop('shop_price@SHOP_3'));
await refused(shop('helper'));
await refused(shop('shop::Order::total'));
await refused(shop('shop_open', { offset: 100 }));
await refused(shop('shop_open', { offset: 1 }), 'on_return');
await refused({ kind: 'uprobe', binary: library, offset: 0x10 });
await refused({ kind: 'uprobe', binary: library, offset: 2 ** 40 });
await refused({ kind: 'uprobe', binary: library, match: /^shpo_/ });
await refused({ kind: 'uprobe', binary: library, match: /^shop_(?!open)/ });
await refused({ kind: 'uprobe', binary: library, match: /(a)\1/ });
await refused({ kind: 'uprobe', binary: library, match: '(' });
await refused(shop('shop_open', { binary: 'libshop.so.2' }));
await refused(shop('shop_open', { binary: `${dir}/libshop.so.2` }));
await refused(shop('shop_open', { binary: dir }));
await refused(shop('shop_open', { binary: `${dir}/pipe` }));
await refused(shop('shop_open', { binary: `${dir}/text` }));
await refused(shop('shop_open', { pid: 2 ** 22 }));
await refused({ kind: 'usdt', binary: library, provider: 'shop', name: 'sold' });
await refused({ kind: 'xdp' });
