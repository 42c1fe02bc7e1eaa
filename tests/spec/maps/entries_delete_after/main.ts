import { HashMap } from 'yeet:bpf';
import { all } from '../../../fixtures/spec/check.ts';
import object from '../../../fixtures/spec/maps.bpf.o';

const control = await object.bind('wide', { kind: 'hash' }).start();
const wide = new HashMap<number, bigint>(control, 'wide');
await wide.updateBatch(Array.from({ length: 3000 }, (_, i): [number, bigint] => [i, BigInt(i % 3)]));
const stale: number[] = [];
for await (const [key, value] of wide.entries()) if (value === 0n) stale.push(key);
await wide.deleteBatch(stale);
const left = await all(wide.entries());
console.log(
  stale.length,
  left.length,
  left.every(([key]) => key % 3 !== 0),
);
await control.stop();
