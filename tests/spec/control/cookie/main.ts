import { HashMap } from 'yeet:bpf';
import { all, doorbell, withDoorbell } from '../../../fixtures/spec/check.ts';
import object from '../../../fixtures/spec/control.bpf.o';

const control = await withDoorbell(object)
  .bind('hits', { kind: 'hash' })
  .attach('by_tracepoint', { autoattach: false })
  .start();
const ring = await doorbell(control);
await control.attach('by_tracepoint', { cookie: 2n ** 64n - 1n });
ring(0);
console.log(await all(new HashMap<bigint, bigint>(control, 'hits').entries()));
await control.stop();
