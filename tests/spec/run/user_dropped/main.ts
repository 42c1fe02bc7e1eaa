import { HashMap, RingBuf } from 'yeet:bpf';
import { caught, doorbell, equal, failure, until, withDoorbell } from '../../../fixtures/spec/check.ts';
import control from '../../../fixtures/spec/control.bpf.o';
import object from '../../../fixtures/spec/ring.bpf.o';

// Started together: both are privileged.
withDoorbell(object).bind('events', { kind: 'ringbuf', btf_struct: 'event' });
const [rings, second] = await Promise.all([object.start(), control.bind('hits', { kind: 'hash' }).start()]);
const ring = await doorbell(rings);
const numbers: bigint[] = [];
await new RingBuf(rings, 'events').subscribe(({ event }) => numbers.push(event.number));
console.log('ready');

// Events, maps and runs by hand go on.
ring(1, 3);
await until(() => numbers.length === 3, 'the events have come');
const hits = new HashMap<bigint, bigint>(second, 'hits');
await hits.update(5n, 6n);
equal(await hits.lookup(5n), 6n, 'hits');
for await (const [key, value] of hits.entries()) if (key === 5n) console.log('entry', value);
console.log('sum', (await second.run('add', { ctx: { a: 1n, b: 2 } })).returnValue);
await second.detach('by_tracepoint');
console.log((await caught(() => second.attach('by_tracepoint'))).code);

// What would take the privileges does not.
await rings.stop();
console.log(await failure(() => object.start()));
await new Promise(() => {});
