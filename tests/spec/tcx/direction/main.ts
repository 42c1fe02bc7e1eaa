import { another, lab, places, Watch } from '../../../fixtures/spec/lab.ts';
import object from '../../../fixtures/spec/net.bpf.o';

const ways = [undefined, 'ingress', 'egress'] as const;
for (const program of ['on_ingress', 'on_egress', 'on_plain']) {
  for (const direction of ways) {
    const control = await another(object)
      .attach(program, { kind: 'tcx', ifindex: ['h0'], ...(direction && { direction }) })
      .start();
    places(control, program);
    const watch = await Watch.open(control);
    // One packet out and one in, and the last of them in the right direction.
    const isOut = control.programs().some(({ attached }) => attached.some(({ how }) => how.includes('egress')));
    const [out, back] = ['7001 1 10.99.0.2', '7002 1 10.99.0.1'];
    const last = isOut ? 'send host LAST 1 10.99.0.2' : 'send blue LAST 1 10.99.0.1';
    lab(`send host ${out}; send blue ${back}; ${last}`);
    await watch.report(1, { h0: yeet.args.cable });
    await control.stop();
  }
}
