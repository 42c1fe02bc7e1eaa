import { library, watchSales } from '../../../fixtures/uprobe/calls.ts';

const libraries = ['yeet-shop'];
await watchSales({ on_section: null }, libraries);
await watchSales({ on_section: { kind: 'usdt', binary: library, provider: 'shop', name: 'sold' } }, libraries);
