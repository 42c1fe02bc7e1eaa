import { BpfError } from 'yeet:bpf';
import probe from './probe.bpf.o';

try {
  await probe.start();
} catch (error) {
  if (!(error instanceof BpfError)) throw error;
  console.log(error.code, error.errno);
  console.log(error.message);
}
