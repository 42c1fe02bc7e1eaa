import { caught } from '../../../fixtures/spec/check.ts';
import { another, lab, places, Watch } from '../../../fixtures/spec/lab.ts';
import object from '../../../fixtures/spec/net.bpf.o';

const blue = { ns: { path: '/run/netns/blue' } };
const control = await another(object).attach('on_dissect', blue).start();
places(control, 'on_dissect');
const watch = await Watch.open(control);
lab('send green 7001; send blue 7002; send blue LAST');
await watch.report();

// A namespace takes one dissector.
const error = await caught(() => another(object).attach('on_lookup', blue).attach('on_dissect', blue).start());
console.log(`${error.code}: ${error.message}`);
console.log(`program ${error.program}, ${error.errno}`);
lab('links; send blue LAST');
await watch.report();
await control.stop();
