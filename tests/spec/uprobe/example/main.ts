import { watchCalls } from '../../../fixtures/uprobe/calls.ts';

await watchCalls({
  trace_ssl: { kind: 'uprobe', binary: 'libssl.so.1.1', symbol: 'SSL_read' },
});
