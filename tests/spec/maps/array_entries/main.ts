import { ArrayMap } from 'yeet:bpf';
import { all } from '../../../fixtures/spec/check.ts';
import object from '../../../fixtures/spec/maps.bpf.o';

const control = await object.bind('slots', { kind: 'array' }).start();
const slots = new ArrayMap(control, 'slots');
await slots.update(2, { packets: 4n });
for (const options of [undefined, { batchSize: 3 }, { batchSize: 1 }, { batchSize: 100 }]) {
  const found = await all(slots.entries(options));
  console.log(found.map(([index, usage]) => `${index}:${usage.packets}`).join(' '));
}
await control.stop();
