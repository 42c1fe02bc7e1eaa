import { library, watchCalls } from '../../../fixtures/uprobe/calls.ts';

await watchCalls({ on_call: { kind: 'uprobe', binary: library, offset: BigInt(`0x${yeet.args.at}`) } });
