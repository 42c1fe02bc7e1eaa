import { failure } from '../../../fixtures/spec/check.ts';
import object from '../../../fixtures/spec/rejected.bpf.o';

const log: string[] = [];
const failed = failure(() => object.start()).then((message) => log.push(message.split(':', 1)[0] as string));
await new Promise((resolve) => setTimeout(resolve, 0));
log.push('timer');
await failed;
console.log(log.join(' '));
