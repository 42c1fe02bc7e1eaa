import { dir, shop, watchCalls } from '../../../fixtures/uprobe/calls.ts';

const binary = `${dir}/yeet-shop`;
await watchCalls({ on_call: [shop('shop_open'), shop('shop_close', { binary }), shop('shop_count')] });
