import { DataSec, HashMap, RingBuf } from 'yeet:bpf';
import { all, sleep } from '../../../fixtures/spec/check.ts';
import object from '../../../fixtures/spec/ring.bpf.o';

object
  .bind('doorbell', { kind: 'hash' })
  .bind('events', { kind: 'ringbuf', btf_struct: 'event' })
  .bind('.bss', { kind: 'data' });

async function once(): Promise<void> {
  const control = await object.start();
  await new RingBuf(control, 'events').subscribe(() => {});
  await new DataSec(control, '.bss').patch('produced', 1n);
  const bell = new HashMap(control, 'doorbell');
  await bell.update({ nonce: 1n }, 1);
  await all(bell.entries());
  // A walk that is left in the middle must not hold the map either.
  await bell.entries().next();
  await control.stop();
}

for (let i = 0; i < 100; i++) await once();
console.log('done');
await sleep(500);
