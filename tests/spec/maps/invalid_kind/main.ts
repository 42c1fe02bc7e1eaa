import { ArrayMap, BloomFilter, DataSec, HashMap, LruHashMap, RingBuf } from 'yeet:bpf';
import { failure } from '../../../fixtures/spec/check.ts';
import object from '../../../fixtures/spec/maps.bpf.o';

const control = await object
  .bind('counts', { kind: 'hash' })
  .bind('recent', { kind: 'hash' })
  .bind('slots', { kind: 'array' })
  .bind('.bss', { kind: 'data' })
  .bind('acl', { kind: 'hash' })
  .start();
// Nothing throws here, whatever it is given.
const handles = [
  new LruHashMap(control, 'counts'),
  new DataSec(control, 'slots'),
  new ArrayMap(control, '.bss'),
  new RingBuf(control, 'counts'),
];
new HashMap(undefined as never, undefined as never);
new HashMap(control, 7 as unknown as string);
console.log(handles.length);

console.log(await failure(() => new LruHashMap(control, 'counts').lookup(1)));
console.log(await failure(() => new LruHashMap(control, 'counts').info()));
console.log(await failure(() => new LruHashMap(control, 'counts').entries().next()));
console.log(await failure(() => new DataSec(control, 'slots').read()));
console.log(await failure(() => new ArrayMap(control, '.bss').lookup(0)));
console.log(await failure(() => new RingBuf(control, 'counts').subscribe(() => {})));
console.log(await failure(() => new BloomFilter(control, 'counts').contains(1)));
// bind() said a kind that the map is not.
console.log(await failure(() => new HashMap(control, 'recent').lookup(1)));
console.log(await failure(() => new HashMap(control, 'acl').update('a', 1)));
console.log(await failure(() => new HashMap(undefined as never, 'counts').lookup(1)));
console.log(await failure(() => new HashMap(control, 7 as unknown as string).lookup(1)));
await control.stop();
