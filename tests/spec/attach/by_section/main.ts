import { HashMap } from 'yeet:bpf';
import object from '../../../fixtures/spec/attach.bpf.o';
import { all, doorbell, text, withDoorbell } from '../../../fixtures/spec/check.ts';

const control = await withDoorbell(object).bind('counts', { kind: 'hash' }).start();
const ring = await doorbell(control);
for (let i = 0; i < 3; i++) ring(0);
const counts = await all(new HashMap<number, bigint>(control, 'counts').entries());
console.log(text(counts.sort(([a], [b]) => a - b)));
await control.stop();
