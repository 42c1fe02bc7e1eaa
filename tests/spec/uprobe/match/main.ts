import { library, watchCalls } from '../../../fixtures/uprobe/calls.ts';

const binary = library;
await watchCalls({
  on_call: { kind: 'uprobe', binary, match: /^shop_(open|close)$/ },
  on_calls: { kind: 'uprobe', binary, match: '^shop::(Order|stock)::' },
  on_return: { kind: 'uprobe', binary, match: /^SHOP_O.EN$/i },
});
