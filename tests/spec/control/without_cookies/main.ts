import { BpfObject } from 'yeet:bpf';
import { failure } from '../../../fixtures/spec/check.ts';
import object from '../../../fixtures/spec/control.bpf.o';
import perf from '../../../fixtures/spec/perf.bpf.o';

const control = await object.attach('add', false).attach('by_tracepoint', { autoattach: false }).start();
console.log(await failure(() => control.attach('by_tracepoint', { cookie: 1 })));
await control.attach('by_tracepoint');
console.log(control.programs().find(({ name }) => name === 'by_tracepoint')?.attached.length);
await control.stop();

const clock = { kind: 'perf', event: { kind: 'software', name: 'cpu_clock' }, sample: { freq: 99 } } as const;
console.log(await failure(() => perf.attach('on_sample', { ...clock, cookie: 1 }).start()));
// This one calls the helper without a test.
const sampler = new BpfObject({ exe: perf.exe }).attach('on_sample', clock).attach('on_cookie', clock);
console.log((await failure(() => sampler.start())).split('\n').slice(0, 3).join('\n'));
