import { BpfObject } from 'yeet:bpf';
import { failure } from '../../../fixtures/spec/check.ts';

const object = new BpfObject({ exe: 'x.bpf.o' });
const good = { kind: 'usdt', binary: 'libstdc++.so.6', provider: 'libstdcxx', name: 'throw' };
for (const wrong of [
  { binary: undefined },
  { binary: 'lib/libstdc++.so.6' },
  { provider: undefined },
  { provider: 7 },
  { name: undefined },
  { name: '' },
  { pid: -1 },
  { cookie: 1.5 },
  { symbol: 'throw' },
]) {
  console.log(await failure(() => object.attach('p', { ...good, ...wrong } as unknown as null)));
}
