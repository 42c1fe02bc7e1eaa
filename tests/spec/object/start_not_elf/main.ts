import { BpfObject } from 'yeet:bpf';
import { caught } from '../../../fixtures/spec/check.ts';

const base = import.meta.dirname;
for (const exe of ['text.bpf.o', 'empty.bpf.o', 'header_only.bpf.o', 'folder.bpf.o', '/dev/null']) {
  const error = await caught(() => new BpfObject({ exe, base }).start());
  console.log(error.code, error.message, error.path?.endsWith(exe));
}
