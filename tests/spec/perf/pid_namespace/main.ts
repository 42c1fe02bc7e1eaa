import { failure } from '../../../fixtures/spec/check.ts';
import { lab } from '../../../fixtures/spec/lab.ts';
import object from '../../../fixtures/spec/perf.bpf.o';
import { clock, sampled, startPerf } from '../../../fixtures/spec/samples.ts';

// Process 1 of the namespace, as the lab numbers it.
const pid: number = yeet.args.pid;
const path = `/proc/${pid}/ns/pid`;
const spaces = [
  { ns: { pid } },
  { ns: { path } },
  { handle: { kind: 'pid', pid } },
  { handle: { kind: 'path', path } },
] as const;
for (const space of spaces) {
  for (const pids of [undefined, [1]]) {
    const target = { kind: 'pids', ...space, ...(pids && { pids }) } as const;
    const control = await startPerf(object, clock({ target }));
    await sampled(control, ['inner old']);
    await control.stop();
  }
}
// The numbers are those of the namespace.
const outside = clock({ target: { kind: 'pids', ns: { pid }, pids: [pid] } });
console.log((await failure(() => startPerf(object, outside))).replaceAll(/process \d+/g, 'process N'));

// Children of its processes are covered. Who enters it from outside is not.
const control = await startPerf(object, clock({ target: { kind: 'pids', ns: { pid } } }));
lab('nsenter --target $inner --pid task guest >/run/guest & sleep 0.2; tell $inner USR2 space');
await sampled(control, ['inner old', 'inner young', 'inner kid']);
await control.stop();
