import { HashMap } from 'yeet:bpf';
import object from '../../../fixtures/spec/attach.bpf.o';
import { failure } from '../../../fixtures/spec/check.ts';

const plain = (message: string): string => message.replace(object.exe, 'attach.bpf.o');
object.bind('counts', { kind: 'hash' });
const starting = object.start();
console.log(plain(await failure(() => object.start())));
console.log(plain(await failure(() => object.bind('others', { kind: 'hash' }))));
const first = await starting;
console.log(plain(await failure(() => object.start())));
console.log(plain(await failure(() => object.bind('others', { kind: 'hash' }))));
console.log(plain(await failure(() => object.attach('by_tp', false))));
await new HashMap(first, 'counts').update(77, 1n);
await first.stop();

const second = await object.start();
console.log(first.id === second.id, await new HashMap(second, 'counts').lookup(77));
await second.stop();
const third = await object.attach('by_tp', false).start();
await third.stop();
