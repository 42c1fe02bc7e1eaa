import { shop, watchCalls } from '../../../fixtures/uprobe/calls.ts';

await watchCalls({ on_call: shop('shop_open'), on_return: shop('shop_open') });
