import { another, lab, places, Watch } from '../../../fixtures/spec/lab.ts';
import object from '../../../fixtures/spec/net.bpf.o';

const ns = { path: '/run/netns/router' };
for (const pf of ['inet4', 'inet6'] as const) {
  for (const hook of ['pre_routing', 'local_in', 'forward', 'local_out', 'post_routing'] as const) {
    const control = await another(object).attach('on_filter', { pf, hook, priority: -5, ns }).start();
    places(control, 'on_filter');
    const watch = await Watch.open(control);
    // To the router, from it and through it: each hook sees another selection.
    const [left, router, right] =
      pf === 'inet4' ? ['10.99.1.2', '10.99.1.1', '10.99.2.2'] : ['fd99:1::2', 'fd99:1::1', 'fd99:2::2'];
    const other = pf === 'inet4' ? '::1' : '127.0.0.1';
    lab(
      `send left 7001 1 ${router}; send router 7002 1 ${left}; send left 7003 1 ${right}; send router 7004 1 ${other}`,
    );
    const ends = { pre_routing: `left LAST 1 ${router}`, local_in: `left LAST 1 ${router}` };
    const last = {
      ...ends,
      forward: `left LAST 1 ${right}`,
      local_out: `router LAST 1 ${left}`,
      post_routing: `router LAST 1 ${left}`,
    };
    lab(`send ${last[hook]}`);
    await watch.report();
    await control.stop();
  }
}
