import { shop, watchCalls } from '../../../fixtures/uprobe/calls.ts';

await watchCalls({
  on_call: shop('shop::Order::total(int)'),
  on_calls: shop('shop::Basket::add'),
  on_return: shop('shop::stock::fill'),
});
