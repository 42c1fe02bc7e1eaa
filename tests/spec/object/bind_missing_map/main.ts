import { HashMap } from 'yeet:bpf';
import object from '../../../fixtures/spec/attach.bpf.o';
import { failure } from '../../../fixtures/spec/check.ts';

const control = await object.bind('count', { kind: 'hash' }).start();
console.log(await failure(() => new HashMap(control, 'count').lookup(1)));
await control.stop();
