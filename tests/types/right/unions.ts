import { HashMap, type Input, type OneOf } from 'yeet:bpf';
import probe, { type flow } from '../flows.bpf.o';
import { exactly } from './exactly.ts';

const flows = new HashMap(await probe.bind('flows', { kind: 'hash' }).start(), 'flows');
const key = { saddr: 1, daddr: 2, port: 3, protocol: 4 };
await flows.update(key, { bytes: 1, peer: { v4: 0x7f00_0001 } });
await flows.update(key, { peer: { v6: new Uint8Array(16) }, comm: 'bash', open: 0 });
const found = await flows.lookup(key);
if (found !== undefined) {
  exactly<Uint8Array>()(found.peer.v6);
  // Of what was read, a union must be reduced to the member that is meant.
  await flows.update(key, { ...found, peer: { v4: found.peer.v4 } });
}
const written: Input<flow> = { packets: 5 };
const one: OneOf<{ a: number; b: bigint }> = { b: 1 };
console.log(written, one);
