import { BpfObject } from 'yeet:bpf';
import { caught } from '../../../fixtures/spec/check.ts';

const base = import.meta.dirname;
for (const exe of ['text.elf', 'empty.elf', 'header_only.elf', 'folder', '/dev/null']) {
  const error = await caught(() => new BpfObject({ exe, base }).start());
  console.log(error.code, error.message, error.path?.endsWith(exe));
}
