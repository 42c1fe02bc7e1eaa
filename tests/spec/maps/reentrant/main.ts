import { DataSec, HashMap } from 'yeet:bpf';
import { all, failure, text } from '../../../fixtures/spec/check.ts';
import object from '../../../fixtures/spec/maps.bpf.o';

const control = await object
  .bind('flows', { kind: 'hash' })
  .bind('counts', { kind: 'hash' })
  .bind('.bss', { kind: 'data' })
  .start();
const flows = new HashMap(control, 'flows');
const inner: Promise<unknown>[] = [];
const outer = {
  address: 0x11111111,
  get port() {
    inner.push(flows.update({ address: 0x22222222, port: 2 }, { packets: 2n, bytes: 2, name: 'inner' }));
    inner.push(flows.lookup({ address: 0x22222222, port: 2 }));
    return 1;
  },
  protocol: 1,
};
await flows.update(outer, { packets: 1n, bytes: 1, name: 'outer' });
await Promise.all(inner);
for (const [key, value] of (await all(flows.entries())).sort(([a], [b]) => a.port - b.port))
  console.log(text(key), text(value));

// A value that deletes its own key before it is written.
const counts = new HashMap<number, unknown>(control, 'counts');
await counts.update(1, 1n);
const batch: [number, unknown][] = [
  [2, 2n],
  [3, 3n],
];
Object.defineProperty(batch, 1, {
  get() {
    void counts.delete(1);
    return [3, 3n];
  },
});
await counts.updateBatch(batch as [number, bigint][]);
console.log(text((await all(counts.entries())).sort(([a], [b]) => a - b)));

// A value that stops the object.
const bss = new DataSec(control, '.bss');
let stopping: Promise<void> | undefined;
const stops = {
  get churn_pid() {
    stopping = control.stop();
    return 1;
  },
};
console.log(await failure(() => bss.patch(stops)));
await stopping;
const again = await object.start();
const stopsKey = {
  get address() {
    stopping = again.stop();
    return 1;
  },
};
// This call came before stop(), so it is applied.
console.log(await new HashMap(again, 'flows').update(stopsKey, {}));
console.log(await failure(() => new HashMap(again, 'flows').lookup({})));
await stopping;
