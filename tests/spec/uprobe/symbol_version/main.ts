import { shop, watchCalls } from '../../../fixtures/uprobe/calls.ts';

await watchCalls({ on_call: shop('shop_price'), on_return: shop('shop_price@SHOP_1') });
