/**
 * Any import path that ends in `.bpf.o` gives the {@link import('yeet:bpf').BpfObject} of that file. The file is not read until `start()`.
 *
 * Two imports of one file give the same object.
 */
declare module '*.bpf.o' {
  import type { BpfObject } from 'yeet:bpf';

  const object: BpfObject;
  export default object;
}
