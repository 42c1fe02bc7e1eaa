// Many of one thing: `yeet run scale.ts rings|maps|subscriptions|uprobes COUNT OBJECT [BINARY]`; prints milliseconds to start and to stop.
// With subscriptions it waits for the last record of bench/c/produce.c in between.

import { BpfObject, HashMap, RingBuf } from 'yeet:bpf';

const [what, number, exe, binary] = yeet.args._ as [string, string, string, string];
const count = Number(number);
const numbers = Array.from({ length: count }, (_, index) => index);
/** The maps of scale.bpf.c are numbered with as many digits as the largest has. */
const names = numbers.map((index) => `map_${String(index).padStart(String(count - 1).length, '0')}`);
const object = new BpfObject({ exe });

if (what === 'rings') for (const name of names) object.bind(name, { kind: 'ringbuf' });
if (what === 'maps') for (const name of names) object.bind(name, { kind: 'hashmap' });
if (what === 'subscriptions') object.bind('events', { kind: 'ringbuf', btf_struct: 'event' });
if (what === 'uprobes')
  object.attach(
    'on_call',
    numbers.map((index) => ({ kind: 'uprobe', binary, symbol: `f${index}` })),
  );

let begin = performance.now();
const control = await object.start();
if (what === 'rings') for (const name of names) await new RingBuf(control, name).subscribe(() => undefined);
if (what === 'maps') for (const name of names) await new HashMap<number, number>(control, name).lookup(0);
if (what === 'subscriptions') {
  const events = new RingBuf(control, 'events');
  const ends = numbers.map(() => Promise.withResolvers<void>());
  for (const { resolve } of ends) await events.subscribe(({ event }) => event.b === 2n && resolve());
  const took = performance.now() - begin;
  console.log('ready');
  await Promise.all(ends.map(({ promise }) => promise));
  begin = performance.now() - took;
}
console.log('start_ms', (performance.now() - begin).toFixed(2));
begin = performance.now();
await control.stop();
console.log('stop_ms', (performance.now() - begin).toFixed(2));
