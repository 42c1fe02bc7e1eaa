import { HashMap, LruHashMap } from 'yeet:bpf';
import probe, { type flow, type flow_key } from '../flows.bpf.o';
import { exactly } from './exactly.ts';

const control = await probe.bind('flows', { kind: 'hashmap' }).bind('recent', { kind: 'lru-hash-map' }).start();
const flows = new HashMap(control, 'flows');
exactly<HashMap<flow_key, flow>>()(flows);
const found = await flows.lookup({ saddr: 1, daddr: 2n, port: 443, protocol: 6 });
exactly<flow | undefined>()(found);
if (found !== undefined) {
  exactly<bigint>()(found.bytes);
  exactly<number>()(found.verdict);
  exactly<string>()(found.comm);
  exactly<bigint>()(found.next);
  exactly<boolean>()(found.open);
}
for await (const [key, value] of flows.entries()) {
  exactly<number>()(key.port);
  exactly<number>()(value.packets);
}
const recent = new LruHashMap(control, 'recent');
await recent.update(7, 5);
await recent.updateBatch([[1, 2n]]);
exactly<[number, bigint][]>()(await recent.lookupBatch());
