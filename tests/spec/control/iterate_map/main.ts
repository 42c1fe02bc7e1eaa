import { BpfObject, HashMap } from 'yeet:bpf';
import { all, failure } from '../../../fixtures/spec/check.ts';
import object from '../../../fixtures/spec/control.bpf.o';

// Before Linux 5.14 there are no programs of the type of `add`.
const control = await object
  .attach('add', false)
  .bind('squares', { kind: 'hash' })
  .attach('elements', { kind: 'iter', map: 'squares' })
  .start();
const squares = new HashMap<bigint, bigint>(control, 'squares');
await squares.updateBatch(Array.from({ length: 1000 }, (_, i) => [BigInt(i), BigInt(i * i)]));
const lines = (await all(control.iterate('elements'))).map((line) => line.split(/[: ]+/));
console.log(lines.length, new Set(lines.map(([key]) => key)).size);
console.log(lines.every(([key, value, zeros]) => Number(value) === Number(key) ** 2 && zeros?.length === 290));

// Leaving the loop closes the reading.
for await (const line of control.iterate('elements')) {
  console.log(line.length > 290);
  break;
}
const abandoned = control.iterate('elements');
await abandoned.next();
await control.stop();
console.log(await failure(() => abandoned.next()));

const other = new BpfObject({ exe: object.exe });
for (const spec of [
  null,
  { kind: 'iter' },
  { kind: 'iter', map: 'cubes' },
  { kind: 'iter', map: 'small' },
  { kind: 'iter', map: 'squares', pid: 1 },
]) {
  const again = new BpfObject({ exe: other.exe }).attach('add', false);
  console.log(await failure(() => again.attach('elements', spec as null).start()));
}
