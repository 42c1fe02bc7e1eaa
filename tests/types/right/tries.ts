import { LpmTrie } from 'yeet:bpf';
import probe, { type net_key } from '../flows.bpf.o';
import { exactly } from './exactly.ts';

const control = await probe.bind('routes', { kind: 'lpm' }).bind('nets', { kind: 'lpm_trie' }).start();
const routes = new LpmTrie(control, 'routes');
await routes.update('10.', 1);
await routes.update({ prefixlen: 24, data: [10, 0, 0] }, 1n);
for await (const [key, value] of routes.entries()) {
  exactly<{ prefixlen: number; data: Uint8Array }>()(key);
  exactly<number>()(value);
}
const nets = new LpmTrie(control, 'nets');
await nets.update({ prefixlen: 8, addr: 10 }, 1);
await nets.lookup('10.0');
for await (const [key] of nets.entries()) exactly<net_key>()(key);
