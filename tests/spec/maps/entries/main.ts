import { HashMap } from 'yeet:bpf';
import { all, failure, text } from '../../../fixtures/spec/check.ts';
import object from '../../../fixtures/spec/maps.bpf.o';

const control = await object.bind('wide', { kind: 'hash' }).start();
const wide = new HashMap<number, bigint>(control, 'wide');
console.log(text(await all(wide.entries())));
await wide.updateBatch(Array.from({ length: 10_000 }, (_, i): [number, bigint] => [i * 7, BigInt(i)]));
for (const options of [undefined, {}, ...[1, 7, 64, 9_999, 10_000, 1_000_000].map((batchSize) => ({ batchSize }))]) {
  const found = await all(wide.entries(options));
  const right = found.every(([key, value]) => value === BigInt(key / 7));
  console.log(text(options), found.length, new Set(found.map(([key]) => key)).size, right);
}
for (const batchSize of [0, -1, 1.5, '3', null, 2 ** 33]) {
  console.log(await failure(() => all(wide.entries({ batchSize } as { batchSize: number }))));
}
console.log(await failure(() => all(wide.entries(3 as unknown as object))));
await control.stop();
