import { DataSec, HashMap, LpmTrie } from 'yeet:bpf';
import { failure } from '../../../fixtures/spec/check.ts';
import object from '../../../fixtures/spec/maps.bpf.o';

const control = await object.bind('counts', { kind: 'hash' }).start();
console.log(await failure(() => new HashMap(control, 'flows').lookup(1)));
console.log(await failure(() => new LpmTrie(control, 'acl').info()));
console.log(await failure(() => new DataSec(control, '.bss').read()));
console.log(await failure(() => new DataSec(control, 'maps.bss').read()));
console.log(await failure(() => new HashMap(control, 'cuonts').lookup(1)));
console.log(await failure(() => new HashMap(control, 'nothing-like-it').lookup(1)));
await control.stop();
