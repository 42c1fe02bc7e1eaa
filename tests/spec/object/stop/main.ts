import { sleep } from '../../../fixtures/spec/check.ts';
import object from '../../../fixtures/spec/maps.bpf.o';

const control = await object.bind('counts', { kind: 'hash' }).start();
console.log('started');
await sleep(500);
console.log(await control.stop());
console.log('stopped');
await sleep(800);
