// The types of flows.bpf.o, written by `yeet types`. Do not edit.
import type { BpfObject, Union } from 'yeet:bpf';

declare const object: BpfObject<Types>;
export default object;

export interface Types {
  maps: {
    /** BPF_MAP_TYPE_ARRAY, 8 entries of 4 + 8 bytes */
    inner_map: { type: 'array'; key: number; value: bigint };
    /** BPF_MAP_TYPE_HASH_OF_MAPS, 4 entries of 4 + 4 bytes */
    tables: { type: 'hash_of_maps' };
    /** BPF_MAP_TYPE_RINGBUF, 262144 bytes */
    events: { type: 'ringbuf' };
    /** BPF_MAP_TYPE_HASH, 1024 entries of 12 + 64 bytes */
    flows: { type: 'hash'; key: flow_key; value: flow };
    /** BPF_MAP_TYPE_LRU_HASH, 64 entries of 4 + 8 bytes */
    recent: { type: 'lru_hash'; key: number; value: bigint };
    /** BPF_MAP_TYPE_ARRAY, 4 entries of 4 + 8 bytes */
    configs: { type: 'array'; key: number; value: config };
    /** BPF_MAP_TYPE_PERCPU_HASH, 64 entries of 4 + 8 bytes */
    hits: { type: 'percpu_hash'; key: number; value: bigint };
    /** BPF_MAP_TYPE_LPM_TRIE, 64 entries of 8 + 4 bytes */
    routes: { type: 'lpm_trie'; key: { prefixlen: number; data: Uint8Array }; value: number };
    /** BPF_MAP_TYPE_LPM_TRIE, 64 entries of 8 + 4 bytes */
    nets: { type: 'lpm_trie'; key: net_key; value: number };
    /** BPF_MAP_TYPE_QUEUE, 64 entries of 0 + 8 bytes */
    changes: { type: 'queue'; value: config };
    /** BPF_MAP_TYPE_STACK_TRACE, 64 entries of 4 + 1016 bytes */
    stacks: { type: 'stack_trace' };
    /** Global variables, 16 bytes */
    '.rodata': { type: 'data'; value: rodata };
    /** As .rodata */
    'flows.rodata': { type: 'data'; value: rodata };
    /** Global variables, 20 bytes */
    '.data': { type: 'data'; value: data };
    /** As .data */
    'flows.data': { type: 'data'; value: data };
    /** Global variables, 16 bytes */
    '.bss': { type: 'data'; value: bss };
    /** As .bss */
    'flows.bss': { type: 'data'; value: bss };
  };
  structs: {
    inner: inner;
    flow_key: flow_key;
    flow: flow;
    config: config;
    trie_key: trie_key;
    net_key: net_key;
    xdp_md: xdp_md;
    event: event;
    address: address;
  };
  programs: {
    /** SEC("raw_tracepoint/sched_process_exec") */
    on_exec: 'section';
    /** SEC("uprobe") */
    on_call: 'uprobe';
    /** SEC("xdp") */
    on_packet: 'xdp';
    /** SEC("perf_event") */
    on_tick: 'perf';
  };
}

/** struct inner, 32 bytes */
export interface inner {
  /** int (*)[2] */ type: bigint;
  /** int (*)[8] */ max_entries: bigint;
  /** __u32 * */ key: bigint;
  /** __u64 * */ value: bigint;
}

/** struct flow_key, 12 bytes */
export interface flow_key {
  /** __u32 */ saddr: number;
  /** __u32 */ daddr: number;
  /** __u16 */ port: number;
  /** __u8 */ protocol: number;
}

/** union address, 16 bytes */
export interface address extends Union {
  /** __u32 */ v4: number;
  /** __u8[16] */ v6: Uint8Array;
}

/** struct flow, 64 bytes */
export interface flow {
  /** __u64 */ bytes: bigint;
  /** __u32 */ packets: number;
  /** enum verdict: PASS = 0, DROP = 1, REDIRECT = 2 */ verdict: number;
  /** union address */ peer: address;
  /** struct flow * */ next: bigint;
  /** _Bool */ open: boolean;
  /** char[16] */ comm: string;
}

/** struct config, 8 bytes */
export interface config {
  /** __u32 */ sample_rate: number;
  /** _Bool */ enabled: boolean;
}

/** struct trie_key, 8 bytes */
export interface trie_key {
  /** __u32 */ prefixlen: number;
  /** __u8[4] */ data: Uint8Array;
}

/** struct net_key, 8 bytes */
export interface net_key {
  /** __u32 */ prefixlen: number;
  /** __be32 */ addr: number;
}

/** struct xdp_md, 24 bytes */
export interface xdp_md {
  /** __u32 */ data: number;
  /** __u32 */ data_end: number;
  /** __u32 */ data_meta: number;
  /** __u32 */ ingress_ifindex: number;
  /** __u32 */ rx_queue_index: number;
  /** __u32 */ egress_ifindex: number;
}

/** struct event, 112 bytes */
export interface event {
  /** __u64 */ ts: bigint;
  /** __u32 */ pid: number;
  /** char[16] */ comm: string;
  /** __u8[6] */ mac: Uint8Array;
  /** __u16 : 3 */ flags: number;
  /** __u16 : 6 */ dscp: number;
  /** struct {…} */ at: { /** __s32 */ x: number; /** __s32 */ y: number; };
  /** __u32 */ code: number;
  /** __u64 */ cookie: bigint;
  /** __s16[2][3] */ history: number[][];
  /** enum wide: TOP = 0 */ wide: bigint;
  /** unsigned __int128 */ id: bigint;
  /** const struct flow_key */ key: flow_key;
}

/** Global variables in .rodata */
export interface rodata {
  /** const volatile __u32 */ target_pid: number;
  /** const volatile char[12] */ greeting: string;
}

/** Global variables in .data */
export interface data {
  /** struct config */ current: config;
  /** enum verdict[3] */ verdicts: number[];
}

/** Global variables in .bss */
export interface bss {
  /** __u64 */ total: bigint;
  /** struct event * */ sample: bigint;
}
