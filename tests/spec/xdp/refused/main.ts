import { caught } from '../../../fixtures/spec/check.ts';
import { another, lab, places, Watch } from '../../../fixtures/spec/lab.ts';
import object from '../../../fixtures/spec/net.bpf.o';

const on = (...ifindex: string[]) => ({ kind: 'xdp', ifindex }) as const;
const first = await another(object).attach('on_xdp', on('lo')).start();
const refused = another(object).attach('on_ingress', null).attach('on_xdp', on('h0', 'lo'));
const error = await caught(() => refused.start());
console.log(`${error.code}: ${error.message.replace(/id \d+/, 'id N')}`);
console.log(`program ${error.program}, ${error.errno}`);

// The cable takes one XDP program, and none is there.
const third = await another(object).attach('on_xdp', on('h0')).start();
places(third, 'on_xdp');
const watch = await Watch.open(third);
lab('links; send blue LAST 1 10.99.0.1');
await watch.report(1, { h0: yeet.args.cable });
await third.stop();
await first.stop();
