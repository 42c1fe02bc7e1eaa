import { text } from '../../../fixtures/spec/check.ts';
import object from '../../../fixtures/spec/control.bpf.o';

const control = await object.attach('add', false).attach('sum_words', { autoattach: false }).start();
const stats = () => control.programs().find(({ name }) => name === 'sum_words')?.stats;
for (let i = 0; i < 100; i++) await control.run('sum_words', { ctx: [1, 2] });
const counted = stats();
console.log(
  yeet.args._[0],
  counted === undefined ? 'not counted' : counted.runs >= 100 && counted.runTimeNs > counted.runs,
);
console.log(text(Object.keys(counted ?? {})));
await control.stop();
