import { pid, shop, watchCalls } from '../../../fixtures/uprobe/calls.ts';

await watchCalls({ on_call: shop('shop_open', { pid: pid('a') }), on_return: shop('shop_open') });
