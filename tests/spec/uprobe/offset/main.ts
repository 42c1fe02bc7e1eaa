import { shop, watchCalls } from '../../../fixtures/uprobe/calls.ts';

await watchCalls({ on_call: shop('shop_step'), on_calls: shop('shop_step', { offset: 1 }) });
