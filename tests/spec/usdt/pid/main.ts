import { library, pid, watchSales } from '../../../fixtures/uprobe/calls.ts';

await watchSales({ on_sale: { kind: 'usdt', binary: library, provider: 'shop', name: 'sold', pid: pid('a') } });
