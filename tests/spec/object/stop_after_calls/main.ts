import { HashMap } from 'yeet:bpf';
import object from '../../../fixtures/spec/maps.bpf.o';

const control = await object.bind('wide', { kind: 'hash' }).start();
const wide = new HashMap<number, bigint>(control, 'wide');
const pairs = Array.from({ length: 5000 }, (_, i): [number, bigint] => [i, 1n]);
const filled = wide.updateBatch(pairs);
const late = wide.lookup(4999);
const page = wide.lookupBatch(5000);
const stopping = control.stop();
await filled;
console.log(await late, (await page).length);
await stopping;
