import { caught, failure, text } from '../../../fixtures/spec/check.ts';
import object from '../../../fixtures/spec/control.bpf.o';

const control = await object.attach('by_typed_tp', false).attach('classify', { autoattach: false }).start();
const before = text(control.programs().map(({ attached }) => attached));
const bad: [string, object | null | undefined | false][] = [
  ['by_typed_tp', null],
  ['by_tracepoints', null],
  ['by_tracepoint', false],
  ['by_tracepoint', { autoattach: false }],
  ['by_tracepoint', { kind: 'uprobe', binary: 'libc.so.6', symbol: 'malloc' }],
  ['by_tracepoint', null],
  ['add', null],
  ['first_byte', { cookie: 1 }],
  ['classify', { cookie: 1 }],
  ['elements', { kind: 'iter', map: 'squares' }],
  ['task_rows', { kind: 'iter', map: 'squares' }],
  ['task_rows', { kind: 'iter', cgroup: '/sys/fs/cgroup' }],
  ['task_rows', { kind: 'iter', pid: 4_194_304 }],
];
for (const [program, spec] of bad) console.log(await failure(() => control.attach(program, spec as null)));
console.log(await failure(() => control.detach('by_tracepoints')));
console.log(text(control.programs().map(({ attached }) => attached)) === before);
const { program, errno } = await caught(() => control.attach('by_tracepoint'));
console.log(program, errno);
await control.stop();
for (const call of [() => control.attach('add'), () => control.detach('add'), () => control.run('add')]) {
  console.log(await failure(call));
}
console.log(await failure(() => control.iterate('task_rows').next()));
