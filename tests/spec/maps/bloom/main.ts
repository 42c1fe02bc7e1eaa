import { BloomFilter, DataSec } from 'yeet:bpf';
import object from '../../../fixtures/spec/bloom.bpf.o';
import { doorbell, failure, text, withDoorbell } from '../../../fixtures/spec/check.ts';

const control = await withDoorbell(object)
  .bind('seen', { kind: 'bloom_filter' })
  .bind('.bss', { kind: 'data' })
  .start();
const ring = await doorbell(control);
const seen = new BloomFilter(control, 'seen');
console.log(await seen.contains({ id: 1n, name: 'ann' }));
console.log(await seen.insert({ id: 1n, name: 'ann' }), await seen.insert({ id: 1n, name: 'ann' }));
console.log(await seen.contains({ id: 1n, name: 'ann' }), await seen.contains({ id: 1n, name: 'bob' }));
for (let id = 0n; id < 900n; id++) await seen.insert({ id, name: '' });
let falseNegatives = 0;
let falsePositives = 0;
for (let id = 0n; id < 900n; id++) if (!(await seen.contains({ id, name: '' }))) falseNegatives++;
for (let id = 10_000n; id < 11_000n; id++) if (await seen.contains({ id, name: '' })) falsePositives++;
console.log(falseNegatives, falsePositives < 200);
const bss = new DataSec(control, '.bss');
ring(0, 0, 5n);
console.log(await bss.read('answer'));
console.log(await failure(() => seen.insert({ id: -1n })));
console.log(await failure(() => seen.contains('x')));
const info = seen.info();
console.log(text(info), 'key_size' in info);
for (const method of ['lookup', 'update', 'delete', 'entries', 'keys', 'clear'])
  if (method in seen) console.log(method);
await control.stop();
