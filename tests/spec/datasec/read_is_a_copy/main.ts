import { DataSec } from 'yeet:bpf';
import { text } from '../../../fixtures/spec/check.ts';
import object from '../../../fixtures/spec/sections.bpf.o';

const control = await object.bind('.data', { kind: 'data' }).start();
const data = new DataSec(control, '.data');
const filter = await data.read('filter');
await data.patch('filter', { uid: 1, tag: [0, 0, 0, 0] });
console.log(text(filter));
filter.uid = 99;
filter.tag[0] = 99;
console.log(text(await data.read('filter')));
await control.stop();
