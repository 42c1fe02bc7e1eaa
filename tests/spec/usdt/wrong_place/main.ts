import { type AttachSpec, BpfObject } from 'yeet:bpf';
import { failure } from '../../../fixtures/spec/check.ts';
import { dir, library } from '../../../fixtures/uprobe/calls.ts';

const sold = { kind: 'usdt', binary: library, provider: 'shop', name: 'sold' } as const;

async function refused(spec: AttachSpec): Promise<void> {
  const sales = new BpfObject({ exe: '../../../fixtures/uprobe/sales.bpf.o', base: import.meta.dirname });
  sales.attach('on_done', false).attach('on_sale', spec);
  console.log((await failure(() => sales.start())).replaceAll(dir, 'DIR'));
}

await refused({ ...sold, name: 'bought' });
await refused({ ...sold, provider: 'Shop' });
await refused({ ...sold, binary: `${dir}/customer` });
await refused({ ...sold, binary: `${dir}/nothing.so` });
await refused({ ...sold, binary: `${dir}/text` });
await refused({ ...sold, binary: 'libshop.so' });
await refused({ ...sold, pid: 2 ** 22 });
await refused({ kind: 'uprobe', binary: library, symbol: 'shop_open' });
