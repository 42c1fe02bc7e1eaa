// Starts, subscribes, looks up, writes, walks and stops, and says what came of it: `ok`, or the class of the first error. The lines that
// begin with `mark` are for the shim, which counts the descriptors that are open when they are written.

import { type BpfControl, BpfError, type BpfSubscription, DataSec, HashMap, PerfBuffer, RingBuf } from 'yeet:bpf';
import { all, equal, until, withDoorbell } from '../../fixtures/spec/check.ts';
import perf from '../../fixtures/spec/perf.bpf.o';
import object from '../../fixtures/spec/ring.bpf.o';

const EMIT = 1;
const EMIT_SAMPLE = 4;

withDoorbell(object)
  .bind('events', { kind: 'ringbuf', btf_struct: 'event' })
  .bind('samples', { kind: 'perf_event_array', btf_struct: 'event' })
  .bind('.bss', { kind: 'data' });
perf.bind('samples', { kind: 'hash' }).attach('on_sample', {
  kind: 'perf',
  event: { kind: 'software', name: 'cpu_clock' },
  sample: { freq: 99 },
  cpu: [0],
});

async function cycle(controls: BpfControl[]): Promise<void> {
  const control = await object.start();
  controls.push(control);
  controls.push(await perf.start());
  // Awaited, unlike the doorbell of other tests: here the call may fail.
  const nonce = 0x1234_5678n;
  await new DataSec(control, '.data.doorbell').patch('doorbell_nonce', nonce);
  const bell = new HashMap<object, number>(control, 'doorbell');
  const ring = (command: number, a: number) => bell.lookup({ nonce, command, a, b: 0n });
  let events = 0;
  let failed: Error | undefined;
  const subscriptions: BpfSubscription[] = [];
  for (const buffer of [new RingBuf(control, 'events'), new PerfBuffer(control, 'samples')]) {
    const count = () => void events++;
    const fail = (error: Error) => {
      failed ??= error;
    };
    subscriptions.push(await buffer.subscribe(count, fail));
  }
  await ring(EMIT, 3);
  await ring(EMIT_SAMPLE, 2);
  await until(() => events === 5 || failed !== undefined, 'five events have come');
  if (failed !== undefined) throw failed;
  const key = { nonce: 1n, command: 0, a: 0, b: 0n };
  await bell.update(key, 7);
  equal(await bell.lookup(key), 7, 'what was written');
  equal((await all(bell.entries())).length, 1, 'entries');
  await bell.delete(key);
  equal(await new DataSec(control, '.bss').read('produced'), 5n, 'produced');
  for (const subscription of subscriptions) await subscription.unsubscribe();
}

console.log('mark before');
const controls: BpfControl[] = [];
let result = 'ok';
try {
  await cycle(controls);
} catch (error) {
  if (!(error instanceof BpfError)) throw error;
  result = `${error.code} ${error.message}`;
}
for (const control of controls) await control.stop();
console.log('mark after');
console.log('result', result);
