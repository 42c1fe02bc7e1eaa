import { watchCalls } from '../../../fixtures/uprobe/calls.ts';

await watchCalls({ on_call: { kind: 'uprobe', binary: 'libyeet-test.so', symbol: 'SSL_read' } });
