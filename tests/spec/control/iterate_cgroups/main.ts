import { type BpfControl, BpfObject } from 'yeet:bpf';
import { all, failure } from '../../../fixtures/spec/check.ts';
import object from '../../../fixtures/spec/control.bpf.o';

// The fixture prints the level of each group.
const root = String(yeet.args._[0]);
const shown = (text: string) => text.replaceAll(root, '/root');
const levels = async (spec: object) => {
  const control: BpfControl = await new BpfObject({ exe: object.exe })
    .attach('groups', { kind: 'iter', ...spec })
    .start();
  console.log(shown(JSON.stringify(spec)), (await all(control.iterate('groups'))).join(' '));
  await control.stop();
};
await levels({ cgroup: root });
await levels({ cgroup: root, order: 'descendants_post' });
await levels({ cgroup: `${root}/a`, order: 'self' });
await levels({ cgroup: `${root}/a/b`, order: 'ancestors_up' });
const everything = await new BpfObject({ exe: object.exe }).attach('groups', null).start();
console.log((await all(everything.iterate('groups')))[0]);
await everything.stop();
for (const cgroup of [`${root}/c`, '/proc']) {
  const start = () => new BpfObject({ exe: object.exe }).attach('groups', { kind: 'iter', cgroup }).start();
  console.log(shown(await failure(start)).replace(/cgroup v2 is at .*/, '...'));
}
