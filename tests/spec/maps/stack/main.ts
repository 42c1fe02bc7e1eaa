import { StackMap } from 'yeet:bpf';
import { failure } from '../../../fixtures/spec/check.ts';
import object from '../../../fixtures/spec/maps.bpf.o';

const control = await object.bind('lifo', { kind: 'stack' }).start();
const lifo = new StackMap<bigint>(control, 'lifo');
console.log(await lifo.peek(), await lifo.pop());
for (let i = 1n; i <= 8n; i++) await lifo.push(i);
console.log(await failure(() => lifo.push(9n)));
console.log(await lifo.peek(), await lifo.peek());
for (let i = 0; i < 9; i++) console.log(await lifo.pop());
await control.stop();
