export { BpfError } from 'yeet:bpf';

console.log('settled');
