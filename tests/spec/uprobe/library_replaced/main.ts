import { dir, shop, watchCalls } from '../../../fixtures/uprobe/calls.ts';

const binary = `${dir}/replaced.so`;
await watchCalls({ on_call: shop('shop_open', { binary }) });
