import { sleep } from '../../../fixtures/spec/check.ts';
import object from '../../../fixtures/spec/control.bpf.o';

const control = await object.attach('add', false).attach('classify', { autoattach: false }).start();
const started = performance.now();
const forever = { data: new Uint8Array(64), repeat: 2 ** 31 - 1 };
const runs = [control.run('classify', forever), control.run('classify', forever)];
const results = Promise.allSettled(runs);
await sleep(50);
await control.stop();
const stopped = performance.now();
for (const result of await results) {
  console.log(result.status, result.status === 'rejected' && `${result.reason.code}: ${result.reason.message}`);
}
console.log(performance.now() - stopped < 500, performance.now() - started < 5000);

// The next start finds nothing of it in its way.
const again = await object.start();
console.log((await again.run('classify', { data: new Uint8Array(64) })).returnValue);
await again.stop();
