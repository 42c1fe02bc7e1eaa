// Objects that stop, and subscriptions that end, in the middle of a flood: no callback afterwards, and every call settles.
import { BpfError, DataSec, RingBuf } from 'yeet:bpf';
import { sleep, until } from '../../../fixtures/spec/check.ts';
import load from '../../../trust/load.bpf.o';

const ROUNDS = 24;

load.bind('events', { kind: 'ringbuf', btf_struct: 'event', capacity: 1 << 16 }).bind('.bss', { kind: 'data' });
let late = 0;
let disorder = 0;
const ends = new Set<string>();

/** Calls until the object has stopped. */
async function again(call: () => Promise<unknown>): Promise<void> {
  try {
    for (;;) await call();
  } catch (error) {
    ends.add(error instanceof BpfError ? error.code : String(error));
  }
}

for (let round = 0; round < ROUNDS; round++) {
  const control = await load.start();
  const counts = new DataSec(control, '.bss');
  let over = false;
  let received = 0;
  let next = 0n;
  const subscription = await new RingBuf(control, 'events').subscribe(
    ({ event }) => {
      if (over) late++;
      if (event.ts < next) disorder++;
      next = event.ts + 1n;
      received++;
    },
    () => undefined,
  );
  const flood = [
    again(() => control.run('produce', { ctx: { records: 64, kind: 0 } })),
    again(async () => {
      await counts.read('offered');
      await sleep(0);
    }),
    again(async () => {
      let seen = 0;
      for await (const _ of new RingBuf(control, 'events')) if (++seen === 50) break;
      await sleep(0);
    }),
  ];
  await until(() => received > 0, 'records come');
  await sleep(round % 4);
  if (round % 3 === 0) {
    await subscription.unsubscribe();
    over = true;
    await sleep(2);
  }
  await control.stop();
  over = true;
  await Promise.all(flood);
  await sleep(1);
}
console.log(late, disorder, [...ends].sort().join());
