import { type BpfControl, HashMap, RingBuf } from 'yeet:bpf';
import { doorbell, emit, withDoorbell } from '../../../fixtures/spec/check.ts';
import probe from '../../../fixtures/spec/ring.bpf.o';

const busy = (): never => {
  console.log('busy');
  for (;;);
};
const places: Record<string, (control: BpfControl) => unknown> = {
  callback: (control) => new RingBuf(control, 'events').subscribe(busy),
  batch: (control) => new RingBuf(control, 'events').subscribe(busy, { batch: true }),
  async: (control) =>
    new RingBuf(control, 'events').subscribe(async () => {
      await null;
      busy();
    }),
  onError: (control) =>
    new RingBuf(control, 'events').subscribe(() => {
      throw new Error('thrown');
    }, busy),
  getter: (control) =>
    new RingBuf(control, 'events').subscribe(() =>
      new HashMap(control, 'doorbell').update(Object.defineProperty({}, 'nonce', { get: busy, enumerable: true }), 1),
    ),
};
const control = await withDoorbell(probe).bind('events', { kind: 'ringbuf', btf_struct: 'event' }).start();
const ring = await doorbell(control);
await places[String(yeet.args._[0])]?.(control);
emit(ring, 1, 1);
await new Promise(() => {});
