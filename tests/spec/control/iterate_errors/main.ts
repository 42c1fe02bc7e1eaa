import { all, failure } from '../../../fixtures/spec/check.ts';
import object from '../../../fixtures/spec/control.bpf.o';

const control = await object.attach('task_rows', { autoattach: false }).start();
console.log(await failure(() => control.iterate('by_tracepoint').next()));
console.log(await failure(() => control.iterate('task_rows').next()));
console.log(await failure(() => control.iterate('tasks').next()));
console.log(
  await failure(() => control.iterate('task_lines', { btf_struct: 'rows' }).next()).then((line) =>
    line.replace(object.exe, 'control.bpf.o').slice(0, 120),
  ),
);
// Text of any length but a multiple of the struct's.
console.log(
  (await failure(() => all(control.iterate('task_lines', { btf_struct: 'call' })))).replace(/\d+ bytes/, 'N bytes'),
);
await control.stop();
