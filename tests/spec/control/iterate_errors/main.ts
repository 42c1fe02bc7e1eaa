import { HashMap } from 'yeet:bpf';
import { all, failure } from '../../../fixtures/spec/check.ts';
import object from '../../../fixtures/spec/control.bpf.o';

const control = await object
  .attach('add', false)
  .bind('squares', { kind: 'hash' })
  .attach('elements', { kind: 'iter', map: 'squares' })
  .attach('task_rows', { autoattach: false })
  .start();
console.log(await failure(() => control.iterate('by_tracepoint').next()));
console.log(await failure(() => control.iterate('task_rows').next()));
console.log(await failure(() => control.iterate('tasks').next()));
console.log(
  await failure(() => control.iterate('task_lines', { btf_struct: 'rows' }).next()).then((line) =>
    line.replace(object.exe, 'control.bpf.o').slice(0, 120),
  ),
);
console.log(await failure(() => control.iterate('task_lines', { btf_struct: 'nothing' }).next()));
// One line of 296 bytes, read as structs of 24.
await new HashMap<bigint, bigint>(control, 'squares').update(1n, 1n);
console.log(await failure(() => all(control.iterate('elements', { btf_struct: 'call' }))));
await control.stop();
