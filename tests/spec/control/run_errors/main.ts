import { caught, failure } from '../../../fixtures/spec/check.ts';
import object from '../../../fixtures/spec/control.bpf.o';

const control = await object.attach('by_typed_tp', false).attach('classify', { autoattach: false }).start();
const packet = new Uint8Array(20);
const bad: [string, object | undefined][] = [
  ['ad', undefined],
  ['by_typed_tp', undefined],
  ['by_tracepoint', undefined],
  ['add', { data: packet }],
  ['add', { ctx: {}, repeat: 2 }],
  ['add', { ctx: { a: -1 } }],
  ['add', { ctx: { c: 1 } }],
  ['add', { ctx: new Uint8Array(70_000) }],
  ['classify', undefined],
  ['classify', { data: [1, 2] }],
  ['classify', { data: packet, ctx: { egress_ifindex: 1 } }],
  ['sum_words', { ctx: [] }],
  ['sum_words', { data: packet }],
  ['sum_words', { ctx: [1, 2], cpu: 65_536 }],
  ['sum_words', { ctx: [1, 2], when: 'now' }],
];
for (const [program, options] of bad) console.log(await failure(() => control.run(program, options)));
const error = await caught(() => control.run('sum_words', { ctx: [] }));
console.log(error.program, error.errno);
await control.stop();
