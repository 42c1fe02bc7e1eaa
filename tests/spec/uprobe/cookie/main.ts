import { library, shop, watchCalls } from '../../../fixtures/uprobe/calls.ts';

await watchCalls({
  on_call: [shop('shop_open', { cookie: 7 }), shop('shop_close', { cookie: 2n ** 64n - 1n }), shop('shop_count')],
  on_return: { kind: 'uprobe', binary: library, match: /^shop_(open|help)$/, cookie: 16 },
});
