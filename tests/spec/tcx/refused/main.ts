import { caught } from '../../../fixtures/spec/check.ts';
import { another, lab, places, Watch } from '../../../fixtures/spec/lab.ts';
import object from '../../../fixtures/spec/net.bpf.o';

// A chain takes a program once.
const twice = [
  { kind: 'tcx', ifindex: ['h0'] },
  { kind: 'tcx', ifindex: ['h0', 'lo'] },
] as const;
const error = await caught(() => another(object).attach('on_egress', null).attach('on_ingress', twice).start());
console.log(`${error.code}: ${error.message}`);
console.log(`program ${error.program}, ${error.errno}`);

const control = await another(object)
  .attach('on_ingress', { kind: 'tcx', ifindex: ['h0'] })
  .start();
places(control, 'on_ingress');
const watch = await Watch.open(control);
lab('links; send blue LAST 1 10.99.0.1');
await watch.report(1, { h0: yeet.args.cable });
await control.stop();
