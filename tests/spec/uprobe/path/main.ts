import { shop, watchCalls } from '../../../fixtures/uprobe/calls.ts';

await watchCalls({ on_call: shop('shop_open') });
