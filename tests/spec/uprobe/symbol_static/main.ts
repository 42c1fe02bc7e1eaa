import { dir, shop, watchCalls } from '../../../fixtures/uprobe/calls.ts';

const packed = `${dir}/libshop-packed.so`;
await watchCalls({ on_call: shop('count_items'), on_return: shop('count_items', { binary: packed }) });
