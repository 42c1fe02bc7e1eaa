import { watchCalls } from '../../../fixtures/uprobe/calls.ts';

await watchCalls({
  on_call: { kind: 'uprobe', binary: 'libc.so.6', symbol: 'ffsll', cookie: 1 },
  on_calls: { kind: 'uprobe', binary: 'libc.so', symbol: 'ffsll', cookie: 2 },
});
