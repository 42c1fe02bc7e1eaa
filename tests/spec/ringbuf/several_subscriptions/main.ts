import { RingBuf } from 'yeet:bpf';
import { doorbell, emit, equal, until, withDoorbell } from '../../../fixtures/spec/check.ts';
import object from '../../../fixtures/spec/ring.bpf.o';

const control = await withDoorbell(object)
  .bind('events', { kind: 'ringbuf', btf_struct: 'event' })
  .bind('others', { kind: 'ringbuf', btf_struct: 'event' })
  .start();
const ring = await doorbell(control);
const events = new RingBuf(control, 'events');
const got: number[][] = [[], [], []];
for (const list of got) await events.subscribe(({ event }) => list.push(Number(event.number)));
const others: number[] = [];
await new RingBuf(control, 'others').subscribe(({ event }) => others.push(Number(event.number)));
emit(ring, 1, 100);
emit(ring, 3, 10);
emit(ring, 1, 100);
await until(() => got.every((list) => list.length === 200) && others.length === 10, 'all records came');
const expected = [...Array(100).keys(), ...Array.from({ length: 100 }, (_, i) => i + 110)];
for (const list of got) equal(list, expected, 'events');
equal(
  others,
  Array.from({ length: 10 }, (_, i) => i + 100),
  'others',
);
console.log(got.map((list) => list.length).join(), others.length);
await control.stop();
