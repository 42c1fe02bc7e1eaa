import { watchCalls } from '../../../fixtures/uprobe/calls.ts';

await watchCalls({ on_call: { kind: 'uprobe', binary: 'yeet-shop', symbol: 'shop_open' } }, ['yeet-shop']);
