import { ProgArray, SkStorage } from 'yeet:bpf';
import { text } from '../../../fixtures/spec/check.ts';
import object from '../../../fixtures/spec/maps.bpf.o';

const control = await object.bind('tails', { kind: 'prog_array' }).bind('sockets', { kind: 'sk_storage' }).start();
console.log(text(new ProgArray(control, 'tails').info()), text(new SkStorage(control, 'sockets').info()));
for (const Class of [ProgArray, SkStorage]) console.log(Object.getOwnPropertyNames(Class.prototype).sort().join());
await control.stop();
