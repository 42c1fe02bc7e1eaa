import { RingBuf } from 'yeet:bpf';
import { failure } from '../../../fixtures/spec/check.ts';
import object from '../../../fixtures/spec/ring.bpf.o';

let events: RingBuf;
{
  await using control = await object.bind('events', { kind: 'ringbuf' }).start();
  events = new RingBuf(control, 'events');
  await using _subscription = await events.subscribe(() => {});
}
console.log(await failure(() => events.subscribe(() => {})));
const control = await object.start();
await control.stop();
