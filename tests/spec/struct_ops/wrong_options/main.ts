import { type AttachSpec, BpfObject } from 'yeet:bpf';
import { failure } from '../../../fixtures/spec/check.ts';
import object from '../../../fixtures/spec/struct_ops.bpf.o';

const refuse = async (spec: unknown) => {
  const message = await failure(() => new BpfObject(object).attach('spec_ssthresh', spec as AttachSpec).start());
  // Kinds come and go.
  console.log(message.replace(/('\w+', )+'\w+'/, 'KINDS'));
};
await refuse({ kind: 'struct_ops' });
await refuse({ map: 'spec' });
await refuse({ kind: 'xdp' });
await refuse({ cgroup: '/sys/fs/cgroup' });
