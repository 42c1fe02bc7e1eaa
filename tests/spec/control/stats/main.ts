import { text } from '../../../fixtures/spec/check.ts';
import object from '../../../fixtures/spec/control.bpf.o';

const control = await object.start();
const stats = () => control.programs().find(({ name }) => name === 'by_tracepoint')?.stats;
for (let i = 0; i < 100; i++) await control.run('add', { ctx: {} });
const counted = stats();
console.log(
  yeet.args._[0],
  counted === undefined ? 'not counted' : counted.runs >= 100 && counted.runTimeNs > counted.runs,
);
console.log(text(Object.keys(counted ?? {})));
await control.stop();
