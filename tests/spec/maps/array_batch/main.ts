import { ArrayMap } from 'yeet:bpf';
import object from '../../../fixtures/spec/maps.bpf.o';

const control = await object.bind('slots', { kind: 'array' }).start();
const slots = new ArrayMap(control, 'slots');
await slots.updateBatch([
  [3, { packets: 3n }],
  [0, { packets: 7n }],
  [15, { packets: 15n }],
]);
const show = (page: [number, { packets: bigint }][]): string =>
  page.map(([i, { packets }]) => `${i}:${packets}`).join(' ');
console.log(show(await slots.lookupBatch()));
console.log(show(await slots.lookupBatch(4)));
console.log(show(await slots.lookupBatch(100)));
await control.stop();
