import object from '../../../fixtures/spec/attach.bpf.o';
import { sleep } from '../../../fixtures/spec/check.ts';

// The trigger looks which programs this process holds: type 1 is socket, 5 tracepoint.
const control = await object.start();
console.log('started');
await sleep(700);
await control.stop();
