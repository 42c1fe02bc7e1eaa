import { text } from '../../../fixtures/spec/check.ts';
import object from '../../../fixtures/spec/control.bpf.o';

const control = await object.attach('by_raw_tp', null).start();
const stats = () => control.programs().find(({ name }) => name === 'by_raw_tp')?.stats;
for (let i = 0; i < 100; i++) await control.run('add', { ctx: {} });
const counted = stats();
console.log(
  yeet.args._[0],
  counted === undefined ? 'not counted' : counted.runs >= 100 && counted.runTimeNs > counted.runs,
);
console.log(text(Object.keys(counted ?? {})));
await control.stop();
