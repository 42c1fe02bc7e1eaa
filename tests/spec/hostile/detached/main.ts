// Buffers that are detached, shrunk or shared, before a call and in the middle of it.
import { DataSec, HashMap } from 'yeet:bpf';
import { failure, text } from '../../../fixtures/spec/check.ts';
import programs from '../../../fixtures/spec/control.bpf.o';
import object from '../../../fixtures/spec/maps.bpf.o';

const control = await object
  .bind('flows', { kind: 'hash' })
  .bind('wide', { kind: 'raw' })
  .bind('.bss', { kind: 'data' })
  .start();
const flows = new HashMap(control, 'flows');
const bss = new DataSec(control, '.bss');
const detach = (buffer: ArrayBuffer): void => void structuredClone(buffer, { transfer: [buffer] });
const outcome = async (work: () => Promise<unknown>): Promise<string> => {
  let result: unknown;
  try {
    result = await work();
  } catch {
    return failure(work);
  }
  return text(result);
};

const key = { address: 1, port: 1 };
{
  const bytes = new Uint8Array([104, 105]);
  detach(bytes.buffer);
  console.log('detached name:', await outcome(() => flows.update(key, { name: bytes })));
  console.log('reads', text(await flows.lookup(key)));
}
{
  // Detached by a getter of the same value, after the bytes were looked at or before.
  const bytes = new Uint8Array([120, 121]);
  const value = {
    name: bytes,
    get packets() {
      if (bytes.length > 0) detach(bytes.buffer);
      return 3n;
    },
    get bytes() {
      if (bytes.length > 0) detach(bytes.buffer);
      return 4;
    },
  };
  console.log('detached meanwhile:', await outcome(() => flows.update(key, value)));
  console.log('reads', text(await flows.lookup(key)));
}
{
  const buffer = new ArrayBuffer(8, { maxByteLength: 16 });
  const bytes = new Uint8Array(buffer);
  bytes.fill(65);
  const value = {
    get packets() {
      buffer.resize(2);
      return 1n;
    },
    name: bytes,
  };
  console.log('shrunk meanwhile:', await outcome(() => flows.update(key, value)));
  console.log('reads', text(await flows.lookup(key)));
}
{
  const shared = new Uint8Array(new SharedArrayBuffer(4));
  shared.fill(66);
  console.log('shared:', await outcome(() => flows.update(key, { name: shared })));
  console.log('reads', text(await flows.lookup(key)));
}
{
  // A list that changes its length while it is read.
  const list = [1n, 2n, 3n, 4n];
  Object.defineProperty(list, 0, {
    get() {
      list.length = 1;
      return 1n;
    },
  });
  console.log('shrinking list:', await outcome(() => bss.patch('calls', list)));
}
{
  // What a lookup returned is the script's own: nothing it does to it reaches the next result.
  await flows.update(key, { name: 'kept' });
  const seen = (await flows.lookup(key)) as { name: string };
  seen.name = 'changed';
  console.log('reads', text(await flows.lookup(key)));
}
await control.stop();

const running = await programs.attach('by_typed_tp', false).attach('classify', { autoattach: false }).start();
{
  const data = new Uint8Array(64);
  detach(data.buffer);
  console.log('detached data:', await outcome(() => running.run('classify', { data })));
  const buffer = new ArrayBuffer(64);
  detach(buffer);
  console.log('detached buffer:', await outcome(() => running.run('classify', { data: buffer })));
  const ctx = new Uint8Array(16);
  detach(ctx.buffer);
  console.log('detached ctx:', await outcome(() => running.run('sum_words', { ctx })));
  const moving = new Uint8Array(64);
  const options = {
    data: moving,
    get repeat() {
      if (moving.length > 0) detach(moving.buffer);
      return 1;
    },
  };
  const result = await outcome(() => running.run('classify', options));
  console.log('detached meanwhile:', result.replace(/"durationNs":\d+/, '"durationNs":N'));
}
await running.stop();
