import { QueueMap } from 'yeet:bpf';
import { failure } from '../../../fixtures/spec/check.ts';
import object from '../../../fixtures/spec/maps.bpf.o';

const control = await object.bind('fifo', { kind: 'queue' }).start();
const fifo = new QueueMap<bigint>(control, 'fifo');
console.log(await fifo.peek(), await fifo.pop());
for (let i = 1n; i <= 8n; i++) await fifo.push(i);
console.log(await failure(() => fifo.push(9n)));
console.log(await fifo.peek(), await fifo.peek());
for (let i = 0; i < 9; i++) console.log(await fifo.pop());
console.log(await failure(() => fifo.push(-1n)), await fifo.pop());
await control.stop();
