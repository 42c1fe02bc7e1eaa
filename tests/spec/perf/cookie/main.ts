import object from '../../../fixtures/spec/perf.bpf.o';
import { clock, places, sampled, startPerf } from '../../../fixtures/spec/samples.ts';

const spec = (pid: number, rest: { cookie?: bigint | number }) =>
  clock({ target: { kind: 'pids', pids: [pid] }, ...rest });
const { blue, green, red } = yeet.args;
const specs = [spec(blue, { cookie: 2n ** 64n - 1n }), spec(green, { cookie: 7 }), spec(red, {})];
const control = await startPerf(object, specs, 'on_cookie');
await sampled(control, ['blue old', 'green old', 'red old']);
const cookies = new Set((await places(control)).map(([{ comm, cookie }]) => `${comm.split(' ')[0]}: ${cookie}`));
console.log([...cookies].sort().join('\n'));
await control.stop();
