import { BpfError } from './error.ts';
import type { LiveMap } from './maps/live_map.ts';

/**
 * The kinds that `bind()` takes: every accepted spelling, the kernel's map types behind it, the class that opens it, its options.
 */

export interface BindKind {
  /** The spelling that messages use. */
  readonly name: string;
  readonly spellings: readonly string[];
  /** Kernel map types that a map bound with this kind may have; empty for any. */
  readonly mapTypes: readonly string[];
  /** The class to open it with, for messages. */
  readonly handle: string;
  /** Options beside `kind`. */
  readonly options: readonly string[];
}

const EVENT_OPTIONS = ['btf_struct', 'capacity', 'byteCap'] as const;

function kind(
  name: string,
  handle: string,
  mapTypes: readonly string[],
  spellings: readonly string[] = [],
  options: readonly string[] = [],
): BindKind {
  return { name, spellings: [name, ...spellings], mapTypes, handle, options };
}

/** Map types that have no class of their own; `RawMap` reaches them as bytes. */
const RAW_TYPES = [
  'array_of_maps',
  'hash_of_maps',
  'devmap',
  'devmap_hash',
  'sockmap',
  'sockhash',
  'cpumap',
  'xskmap',
  'reuseport_sockarray',
  'cgroup_array',
  'struct_ops',
  'user_ringbuf',
  'arena',
  'insn_array',
] as const;

export const BIND_KINDS: readonly BindKind[] = [
  kind('ringbuf', 'RingBuf', ['ringbuf'], ['ring_buf'], EVENT_OPTIONS),
  kind('data', 'DataSec', ['array'], [], ['init', 'freeze']),
  kind('hashmap', 'HashMap', ['hash'], ['hash_map', 'hash']),
  kind('lru_hashmap', 'LruHashMap', ['lru_hash'], ['lru_hash_map', 'lru_hash']),
  kind('lpm_trie', 'LpmTrie', ['lpm_trie'], ['lpm']),
  kind('array', 'ArrayMap', ['array']),
  kind('percpu_hashmap', 'PercpuHashMap', ['percpu_hash'], ['percpu_hash_map', 'percpu_hash']),
  kind('lru_percpu_hashmap', 'LruPercpuHashMap', ['lru_percpu_hash'], ['lru_percpu_hash_map', 'lru_percpu_hash']),
  kind('percpu_array', 'PercpuArrayMap', ['percpu_array']),
  kind('bloom_filter', 'BloomFilter', ['bloom_filter'], ['bloom']),
  kind('queue', 'QueueMap', ['queue']),
  kind('stack', 'StackMap', ['stack']),
  kind('perfbuf', 'PerfBuffer', ['perf_event_array'], ['perf_buf', 'perf_buffer', 'perf_event_array'], EVENT_OPTIONS),
  kind('stack_trace', 'StackTrace', ['stack_trace'], ['stacktrace']),
  kind('prog_array', 'ProgArray', ['prog_array']),
  kind(
    'cgroup_storage',
    'CgroupStorage',
    ['cgroup_storage', 'percpu_cgroup_storage', 'cgrp_storage'],
    ['percpu_cgroup_storage', 'cgrp_storage'],
  ),
  kind('sk_storage', 'SkStorage', ['sk_storage']),
  kind('task_storage', 'TaskStorage', ['task_storage']),
  kind('inode_storage', 'InodeStorage', ['inode_storage']),
  kind('raw', 'RawMap', []),
  ...RAW_TYPES.map((type) => kind(type, 'RawMap', [type])),
];

const BY_SPELLING = new Map(
  BIND_KINDS.flatMap((entry) => entry.spellings.map((spelling) => [spelling, entry] as const)),
);

/** The kind that `spelling` names; hyphens equal underscores. */
export function bindKind(spelling: string): BindKind | undefined {
  return BY_SPELLING.get(spelling.replaceAll('-', '_'));
}

/** The kind to propose for a map of the kernel's type `mapType`. */
export function kindForMapType(mapType: string, isSection: boolean): BindKind | undefined {
  if (isSection) return BY_SPELLING.get('data');
  return BIND_KINDS.find((entry) => entry.name !== 'data' && entry.mapTypes.includes(mapType));
}

/** The InvalidMapKind error when the map is not what `bind()` declared, or `className` is not the class for it. */
export function kindMismatch(map: LiveMap, className: string): BpfError | undefined {
  const { mapType } = map.state;
  const isSection = map.decl.section !== null;
  const declared = map.bind.kind;
  const fail = (message: string): BpfError => new BpfError('InvalidMapKind', message, { map: map.name });
  if (!fits(declared, mapType, isSection)) {
    const what = isSection ? 'a data section' : `a map of type '${mapType}'`;
    const right = kindForMapType(mapType, isSection)?.name ?? 'raw';
    return fail(`'${map.name}' is bound as '${declared.name}' but is ${what}; bind it with { kind: '${right}' }`);
  }
  if (declared.handle === className) return undefined;
  return fail(`${className} cannot open '${map.name}', which is bound as '${declared.name}'; use ${declared.handle}`);
}

function fits(kind: BindKind, mapType: string, isSection: boolean): boolean {
  if (kind.mapTypes.length === 0) return true;
  return (kind.name === 'data') === isSection && kind.mapTypes.includes(mapType);
}
