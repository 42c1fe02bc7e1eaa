import { type BpfControl, BpfObject, DataSec } from 'yeet:bpf';
import object from '../../../fixtures/spec/cgroup.bpf.o';
import { equal, until } from '../../../fixtures/spec/check.ts';
import { lab } from '../../../fixtures/spec/lab.ts';

const hooks = [
  ...[
    'skb_ingress',
    'skb_egress',
    'sock_create',
    'sock_release',
    'getsockopt',
    'setsockopt',
    'sysctl',
    'device',
    'sockops',
  ],
  ...['bind', 'post_bind', 'connect', 'getsockname', 'getpeername', 'sendmsg', 'recvmsg'].flatMap((hook) => [
    `${hook}4`,
    `${hook}6`,
  ]),
];

async function start(cgroup: string): Promise<BpfControl> {
  const own = new BpfObject(object).bind('.bss', { kind: 'data' });
  for (const hook of hooks) own.attach(hook, { cgroup });
  return await own.start();
}

/** The hooks that were called. */
async function called(control: BpfControl): Promise<string[]> {
  const calls = (await new DataSec(control, '.bss').read()) as Record<string, number>;
  return hooks.filter((hook) => (calls[`${hook}_calls`] ?? 0) > 0);
}

const [blue, green] = [await start(yeet.args.blue), await start(yeet.args.green)];
lab('run_in $green sockets');
await until(async () => (await called(green)).length === hooks.length, 'every hook was called');
console.log((await called(green)).join(' '));
equal(await called(blue), [], 'hooks of the other group');
for (const { attached } of blue.programs())
  equal(
    attached.map(({ how }) => how),
    ['cgroup'],
    'how it is attached',
  );
await green.stop();
lab('run_in $green sockets; run_in $blue sockets');
await until(async () => (await called(blue)).length === hooks.length, 'every hook was called');
await blue.stop();
console.log('stopped');
