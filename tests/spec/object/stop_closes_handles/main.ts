import { ArrayMap, DataSec, HashMap } from 'yeet:bpf';
import { failure } from '../../../fixtures/spec/check.ts';
import object from '../../../fixtures/spec/maps.bpf.o';

const control = await object
  .bind('counts', { kind: 'hash' })
  .bind('slots', { kind: 'array' })
  .bind('.bss', { kind: 'data' })
  .start();
const counts = new HashMap(control, 'counts');
await counts.update(1, 1n);
const bss = new DataSec(control, '.bss');
await bss.read();
const walk = counts.entries();
await walk.next();
const stopping = control.stop();
console.log(await failure(() => counts.lookup(1)));
await stopping;
console.log(await failure(() => counts.lookup(1)));
console.log(await failure(() => counts.info()));
console.log(await failure(() => counts.updateBatch([[1, 1n]])));
console.log(await failure(() => walk.next()));
console.log(await failure(() => bss.read()));
console.log(await failure(() => bss.patch({ churn_pid: 1 })));
console.log(await failure(() => new ArrayMap(control, 'slots').lookup(0)));
console.log(await failure(() => new ArrayMap(control, 'unheard-of').lookup(0)));
