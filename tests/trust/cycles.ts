// Starts and stops one object again and again: `yeet run cycles.ts CYCLES [--perf]`; with --perf also a link that is a perf event. Says where it
// stands ten times, and waits a moment there.

import { BpfObject, HashMap, RingBuf } from 'yeet:bpf';

const cycles = Number(yeet.args._[0]);
const object = new BpfObject({ exe: `${import.meta.dirname}/object.bpf.o` })
  .bind('events', { kind: 'ringbuf', btf_struct: 'event' })
  .bind('table_0', { kind: 'hash' });
if (yeet.args.perf) object.attach('on_perf_event', {});

let received = 0;
console.log('ready');
for (let cycle = 1; cycle <= cycles; cycle++) {
  const control = await object.start();
  const arrived = Promise.withResolvers<void>();
  const subscription = await new RingBuf(control, 'events').subscribe(() => {
    received++;
    arrived.resolve();
  });
  const table = new HashMap<number, bigint>(control, 'table_0');
  await table.update(0, 1n);
  if ((await table.lookup(0)) === undefined) throw new Error('what was stored is not there');
  await control.run('emit', { ctx: { number: cycle } });
  await arrived.promise;
  // Every other way out: an unsubscribe before, or none.
  if (cycle % 2 === 0) await subscription.unsubscribe();
  await control.stop();
  if (cycle % Math.ceil(cycles / 10) === 0 || cycle === cycles) {
    console.log(`cycle ${cycle}`);
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
}
console.log(`received ${received}`);
