import { HashMap } from 'yeet:bpf';
import { all, doorbell, text, withDoorbell } from '../../../fixtures/spec/check.ts';
import object from '../../../fixtures/spec/control.bpf.o';

const control = await withDoorbell(object).bind('hits', { kind: 'hash' }).start();
const ring = await doorbell(control);
const hits = new HashMap<bigint, bigint>(control, 'hits');
void control.detach('by_tracepoint');
void control.attach('by_tracepoint', { cookie: 1 });
void control.detach('by_tracepoint');
await control.attach('by_tracepoint', { cookie: 2 });
ring(0);
console.log(text(await all(hits.entries())));
const changes = [control.detach('by_tracepoint'), control.attach('by_tracepoint', { cookie: 3 })];
await control.stop();
console.log((await Promise.allSettled(changes)).map(({ status }) => status));
