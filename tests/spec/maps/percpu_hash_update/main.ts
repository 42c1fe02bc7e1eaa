import { PercpuHashMap } from 'yeet:bpf';
import { equal, failure } from '../../../fixtures/spec/check.ts';
import object from '../../../fixtures/spec/maps.bpf.o';

const control = await object.bind('cpu_counts', { kind: 'percpu_hash' }).start();
const map = new PercpuHashMap(control, 'cpu_counts');
const { num_cpus } = map.info();
const values = Array.from({ length: num_cpus }, (_, cpu) => BigInt(cpu * 10 + 1));
await map.update(3, values);
equal(await map.lookup(3), values, 'after update');
for (const wrong of [values.slice(1), [...values, 1n], [], 7, null, undefined, { length: num_cpus }]) {
  const message = await failure(() => map.update(3, wrong as never));
  console.log(message.replace(/\d+ values/, 'N values').replace(/array of \d+$/, 'array of M'));
}
const badValue = values.with(0, 'x' as never);
console.log(await failure(() => map.update(3, badValue)));
equal(await map.lookup(3), values, 'after refused updates');
await control.stop();
