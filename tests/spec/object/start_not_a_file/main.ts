import type { BpfError } from 'yeet:bpf';
import pipe from './pipe.bpf.o';

const error: BpfError = await pipe.start().then(
  () => {
    throw new Error('it started');
  },
  (reason) => reason,
);
console.log(error.code, error.message);
