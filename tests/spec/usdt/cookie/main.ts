import { dir, library, watchSales } from '../../../fixtures/uprobe/calls.ts';

const sold = { kind: 'usdt', provider: 'shop', name: 'sold' } as const;
await watchSales({
  on_sale: [
    { ...sold, binary: library, cookie: 2n ** 63n },
    { ...sold, binary: `${dir}/yeet-shop`, cookie: 3 },
    { ...sold, binary: `${dir}/libshop-bare.so` },
  ],
});
