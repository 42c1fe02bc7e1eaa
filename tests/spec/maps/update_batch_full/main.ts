import { HashMap } from 'yeet:bpf';
import { all, caught } from '../../../fixtures/spec/check.ts';
import object from '../../../fixtures/spec/maps.bpf.o';

const control = await object.bind('flows', { kind: 'hash' }).start();
const flows = new HashMap(control, 'flows');
const key = (port: number): object => ({ address: 1, port, protocol: 6 });
const pairs = Array.from({ length: 20 }, (_, port): [object, object] => [key(port), { packets: 1n }]);
const error = await caught(() => flows.updateBatch(pairs));
console.log(error.code, error.errno, error.applied, error.map, (await all(flows.keys())).length);
console.log(error.message);
// The first ten, in the order of the batch.
console.log(
  (await all(flows.keys()))
    .map(({ port }) => port)
    .sort((a, b) => a - b)
    .join(),
);
await control.stop();
