import { BpfObject } from 'yeet:bpf';
import { failure } from '../../../fixtures/spec/check.ts';

const object = new BpfObject({ exe: 'x.bpf.o' });
const good = { kind: 'uprobe', binary: 'libc.so.6', symbol: 'malloc' };
for (const wrong of [
  { binary: undefined },
  { binary: '' },
  { binary: 7 },
  { binary: './libc.so.6' },
  { symbol: undefined },
  { symbol: '' },
  { symbol: 7 },
  { offset: -1 },
  { offset: 0.5 },
  { offset: 2 ** 60 },
  { offset: '4' },
  { pid: 0 },
  { pid: 2 ** 31 },
  { pid: 'self' },
  { cookie: -1 },
  { cookie: 2n ** 64n },
  { cookie: 'a' },
  { match: /^mal/ },
  { symbol: undefined, match: /^mal/, offset: 4 },
  { symbol: undefined, match: /^mal/g },
  { symbol: undefined, match: '' },
  { symbol: undefined, match: 7 },
  { symbl: 'malloc' },
]) {
  console.log(await failure(() => object.attach('p', { ...good, ...wrong } as unknown as null)));
}
