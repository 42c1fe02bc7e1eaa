import { HashMap } from 'yeet:bpf';
import { text } from '../../../fixtures/spec/check.ts';
import object from '../../../fixtures/spec/maps.bpf.o';

const control = await object.bind('counts', { kind: 'hash' }).bind('flows', { kind: 'hash' }).start();
const counts = new HashMap<number, bigint>(control, 'counts');
console.log(await counts.lookup(1));
await counts.update(1, 10n);
console.log(await counts.lookup(1), await counts.lookup(2));

const flows = new HashMap(control, 'flows');
const key = { address: 0x0a000001, port: 443, protocol: 6 };
await flows.update(key, { packets: 2n ** 63n, bytes: 7, name: 'eth0' });
console.log(text(await flows.lookup(key)));
console.log(await flows.lookup({ ...key, protocol: 17 }));
await control.stop();
