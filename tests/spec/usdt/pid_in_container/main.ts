import { pid, watchSales } from '../../../fixtures/uprobe/calls.ts';

const sold = { kind: 'usdt', provider: 'shop', name: 'sold', pid: pid('a') } as const;
await watchSales({
  on_sale: [
    { ...sold, binary: 'libshop.so.2' },
    { ...sold, binary: '/usr/lib/libshop.so.2', cookie: 1 },
  ],
});
