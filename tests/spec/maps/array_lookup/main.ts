import { ArrayMap } from 'yeet:bpf';
import { failure, text } from '../../../fixtures/spec/check.ts';
import object from '../../../fixtures/spec/maps.bpf.o';

const control = await object.bind('slots', { kind: 'array' }).start();
const slots = new ArrayMap(control, 'slots');
console.log(
  text(await slots.lookup(0)),
  text(await slots.lookup(15)),
  text(await slots.lookup(3n as unknown as number)),
);
for (const index of [16, -1, 1.5, NaN, 2 ** 32, '0', undefined, null, {}]) {
  console.log(await failure(() => slots.lookup(index as number)));
}
console.log(await failure(() => slots.update(16, { packets: 1n })));
await control.stop();
