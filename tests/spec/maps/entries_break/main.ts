import { HashMap } from 'yeet:bpf';
import object from '../../../fixtures/spec/maps.bpf.o';

const control = await object.bind('wide', { kind: 'hash' }).start();
const wide = new HashMap<number, bigint>(control, 'wide');
await wide.updateBatch(Array.from({ length: 1000 }, (_, i): [number, bigint] => [i, 1n]));
for (let i = 0; i < 500; i++) {
  for await (const [key] of wide.entries({ batchSize: 10 })) if (key >= 0) break;
}
const walk = wide.entries();
console.log(walk[Symbol.asyncIterator]() === walk, (await walk.next()).done);
console.log(await walk.return('x'), await walk.next());
const parallel = wide.entries({ batchSize: 100 });
const results = await Promise.all(Array.from({ length: 1001 }, () => parallel.next()));
console.log(new Set(results.map(({ value }) => value?.[0])).size, results[1000]?.done);
await control.stop();
