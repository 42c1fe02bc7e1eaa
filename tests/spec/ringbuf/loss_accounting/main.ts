import { type BpfError, BpfObject, type BpfSubscription, DataSec, RingBuf } from 'yeet:bpf';
import { doorbell, emit, equal, until, withDoorbell } from '../../../fixtures/spec/check.ts';
import object from '../../../fixtures/spec/ring.bpf.o';

const ROUNDS = 40;
const PER_ROUND = 1024;

/** Subscribes `subscribers` slow callbacks, produces far more than they can take, and checks that every record is accounted for. */
async function run(capacity: number, subscribers: number): Promise<void> {
  const control = await withDoorbell(new BpfObject({ exe: object.exe }))
    .bind('events', { kind: 'ringbuf', btf_struct: 'event', capacity })
    .bind('.bss', { kind: 'data' })
    .start();
  const ring = await doorbell(control);
  const events = new RingBuf(control, 'events');
  const tallies = Array.from({ length: subscribers }, () => ({ received: 0, missed: 0, last: -1n, disorder: 0 }));
  const subscriptions: BpfSubscription[] = [];
  for (const tally of tallies) {
    const onEvent = ({ event }: { event: { number: bigint } }): void => {
      tally.received++;
      if (event.number <= tally.last) tally.disorder++;
      tally.last = event.number;
      const until = performance.now() + 0.02;
      while (performance.now() < until);
    };
    const onError = (error: Error): void => {
      const { name, missed } = error as BpfError;
      equal([name, Number.isInteger(missed), (missed ?? 0) > 0], ['Lagged', true, true], 'the error');
      tally.missed += missed ?? 0;
    };
    subscriptions.push(await events.subscribe(onEvent, onError));
  }
  for (let round = 0; round < ROUNDS; round++) {
    emit(ring, 1, PER_ROUND);
    // Now and then the callbacks get a turn, so that several bursts are lost.
    if (round % 8 === 7) await new Promise((resolve) => setTimeout(resolve, 0));
  }
  const { produced, dropped } = await new DataSec(control, '.bss').read();
  const what = `capacity ${capacity}, ${subscribers} subscribers`;
  equal(produced + dropped, BigInt(ROUNDS * PER_ROUND), what);
  await until(() => tallies.every(({ received, missed }) => received + missed >= Number(produced)), `${what} are done`);
  await control.stop();
  tallies.forEach((tally, i) => {
    const { received, missed, disorder } = tally;
    equal(BigInt(received + missed) + dropped, BigInt(ROUNDS * PER_ROUND), `${what}, number ${i}`);
    equal(disorder, 0, `${what}, number ${i}: records out of order`);
    const stats = subscriptions[i]?.stats();
    equal(stats, { received: received + missed, delivered: received, lagged: missed, queued: 0 }, `${what}: stats`);
  });
  console.log(
    what,
    produced > 0n,
    tallies.every(({ missed }) => capacity === 4096 || missed > 0),
  );
}

for (const capacity of [1, 16, 4096]) for (const subscribers of [1, 2, 8]) await run(capacity, subscribers);
