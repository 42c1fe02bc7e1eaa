import { BpfError, BpfObject } from 'yeet:bpf';

for (const exe of ['absent.bpf.o', 'source_only.bpf.o']) {
  try {
    await new BpfObject({ exe, base: import.meta.dirname }).start();
  } catch (error) {
    if (!(error instanceof BpfError)) throw error;
    console.log(error.code, error.path === `${import.meta.dirname}/${exe}`, error.errno);
    console.log(error.message);
  }
}
