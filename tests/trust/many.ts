// 64 objects in one process: `yeet run many.ts OBJECTS`. Prints how many maps and links that makes, and milliseconds.

import { BpfObject, HashMap, RingBuf } from 'yeet:bpf';

const exe = `${import.meta.dirname}/object.bpf.o`;
const count = Number(yeet.args._[0]);

console.log('ready');
let begin = performance.now();
const controls = await Promise.all(
  Array.from({ length: count }, () =>
    new BpfObject({ exe })
      .bind('events', { kind: 'ringbuf', btf_struct: 'event' })
      .bind('table_0', { kind: 'hash' })
      .start(),
  ),
);
console.log(`start_ms ${(performance.now() - begin).toFixed(1)}`);
let received = 0;
let links = 0;
for (const control of controls) {
  await new RingBuf(control, 'events').subscribe(() => {
    received++;
  });
  await new HashMap<number, bigint>(control, 'table_0').update(0, 0n);
  await control.run('emit', { ctx: { number: 1 } });
  links += control.programs().reduce((sum, program) => sum + program.attached.length, 0);
}
while (received < count) await new Promise((resolve) => setTimeout(resolve, 1));
console.log(`links ${links}\nreceived ${received}\nstarted`);
await new Promise((resolve) => setTimeout(resolve, 500));
begin = performance.now();
await Promise.all(controls.map((control) => control.stop()));
console.log(`stop_ms ${(performance.now() - begin).toFixed(1)}\nstopped`);
await new Promise((resolve) => setTimeout(resolve, 1000));
