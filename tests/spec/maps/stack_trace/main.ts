import { DataSec, StackTrace } from 'yeet:bpf';
import { all, doorbell, failure, text, withDoorbell } from '../../../fixtures/spec/check.ts';
import object from '../../../fixtures/spec/maps.bpf.o';

const control = await withDoorbell(object)
  .bind('stacks', { kind: 'stack_trace' })
  .bind('.bss', { kind: 'data' })
  .start();
const ring = await doorbell(control);
const stacks = new StackTrace(control, 'stacks');
const bss = new DataSec(control, '.bss');
ring(4);
const id = Number(await bss.read('answer'));
const frames = (await stacks.lookup(id)) ?? [];
console.log(
  id >= 0,
  frames.length > 0 && frames.length <= 127,
  frames.every((f) => typeof f === 'bigint' && f > 0n && f < 2n ** 47n),
);
const walked = await all(stacks.entries());
console.log(walked.length, walked[0]?.[0] === id, text(walked[0]?.[1]) === text(frames));
await stacks.delete(id);
console.log(await stacks.lookup(id), (await failure(() => stacks.delete(id))).split(':')[0]);
console.log(text(stacks.info()));
await control.stop();
