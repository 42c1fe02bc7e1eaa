import { pid, shop, watchCalls } from '../../../fixtures/uprobe/calls.ts';

const a = pid('a');
await watchCalls({
  on_call: shop('shop_open', { binary: 'libshop.so.2', pid: a }),
  on_calls: shop('shop_open', { binary: '/usr/lib/libshop.so.2', pid: a }),
  on_return: shop('shop_open', { binary: `/proc/${a}/root/usr/lib/libshop.so.2` }),
});
