import type { MapDecl } from '../../js/ops.ts';
import { BtfBuilder } from '../codec/btf-builder.ts';
import { FakeKernel, type FakeObject } from './fake-kernel.ts';

export const PATH = '/objects/probe.bpf.o';

/** An object with one map of each kind. Keys are `u32`, values `u64` unless the kind says otherwise. */
export function probe(): FakeObject {
  const btf = new BtfBuilder();
  const u8 = btf.int('unsigned char', 1);
  const u32 = btf.int('unsigned int', 4);
  const u64 = btf.int('unsigned long long', 8);
  const char = btf.int('char', 1, 1);
  const comm = btf.array(char, 16);
  btf.struct('event', 24, [
    { name: 'pid', type: u32, offset: 0 },
    { name: 'comm', type: comm, offset: 64 },
  ]);
  const lpm = btf.struct('lpm_key', 8, [
    { name: 'prefixlen', type: u32, offset: 0 },
    { name: 'data', type: btf.array(u8, 4), offset: 32 },
  ]);
  const point = btf.struct('point', 8, [
    { name: 'x', type: u32, offset: 0 },
    { name: 'y', type: u32, offset: 32 },
  ]);
  btf.section('.data', 24, [
    { type: btf.variable('counter', u64), offset: 0, size: 8 },
    { type: btf.variable('origin', point), offset: 8, size: 8 },
    { type: btf.variable('level', u32), offset: 16, size: 4 },
  ]);
  btf.section('.rodata', 8, [{ type: btf.variable('target_pid', u32), offset: 0, size: 4 }]);
  const map = (
    name: string,
    mapType: string,
    keyTypeId: number,
    valueTypeId: number,
    rest: Partial<MapDecl> = {},
  ): MapDecl => ({
    name,
    kernelName: name,
    section: null,
    mapType,
    keySize: keyTypeId === 0 ? 0 : 4,
    valueSize: valueTypeId === 0 ? 0 : 8,
    maxEntries: 10,
    keyTypeId,
    valueTypeId,
    ...rest,
  });
  const section = (name: string, valueSize: number): MapDecl =>
    map(name, 'array', u32, 0, { section: name, kernelName: `probe${name}`, valueSize, maxEntries: 1 });
  return {
    btf: btf.bytes(),
    maps: [
      map('events', 'ringbuf', 0, 0, { maxEntries: 4096 }),
      map('counts', 'hash', u32, u64),
      map('recent', 'lru_hash', u32, u64),
      map('slots', 'array', u32, u64),
      map('acl', 'lpm_trie', lpm, u64, { keySize: 8 }),
      map('seen', 'bloom_filter', 0, u64),
      map('per_cpu', 'percpu_hash', u32, u64),
      map('per_cpu_slots', 'percpu_array', u32, u32, { valueSize: 4 }),
      map('jobs', 'queue', 0, u64),
      map('undo', 'stack', 0, u64),
      map('devs', 'devmap', u32, u32, { valueSize: 4 }),
      map('local', 'task_storage', u32, u64),
      section('.data', 24),
      section('.rodata', 8),
    ],
    programs: [
      { name: 'on_exec', section: 'tp/sched/sched_process_exec', autoload: true },
      { name: 'on_exit', section: 'tp/sched/sched_process_exit', autoload: true },
    ],
  };
}

/** A machine that has the object at {@link PATH}. */
export function machine(object: FakeObject = probe()): FakeKernel {
  const kernel = new FakeKernel().install();
  kernel.files.set(PATH, object);
  return kernel;
}

/** The bytes of a `struct event`. */
export function event(pid: number, comm: string): Uint8Array {
  const bytes = new Uint8Array(24);
  new DataView(bytes.buffer).setUint32(0, pid, true);
  bytes.set(new TextEncoder().encode(comm), 8);
  return bytes;
}

/** What was logged with `console.warn` and `console.error` while `work` ran. */
export async function logged(work: () => unknown): Promise<string[]> {
  const lines: string[] = [];
  const { warn, error } = console;
  console.warn = console.error = (line: string) => lines.push(line);
  try {
    await work();
  } finally {
    Object.assign(console, { warn, error });
  }
  return lines;
}
