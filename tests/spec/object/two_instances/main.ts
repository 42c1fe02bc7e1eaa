import { BpfObject, HashMap } from 'yeet:bpf';
import object from '../../../fixtures/spec/maps.bpf.o';

const start = () => new BpfObject({ exe: object.exe }).bind('counts', { kind: 'hash' }).start();
const [a, b] = await Promise.all([start(), start()]);
const [first, second] = [new HashMap(a, 'counts'), new HashMap(b, 'counts')];
await first.update(1, 10n);
await second.update(1, 20n);
console.log(a.id !== b.id, await first.lookup(1), await second.lookup(1));
await a.stop();
console.log(await second.lookup(1));
await b.stop();
