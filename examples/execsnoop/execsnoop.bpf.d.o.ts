// The types of execsnoop.bpf.o, written by `yeet types`. Do not edit.
import type { BpfObject } from 'yeet:bpf';

declare const object: BpfObject<Types>;
export default object;

export interface Types {
  maps: {
    /** BPF_MAP_TYPE_HASH, 10240 entries of 4 + 8 bytes */
    counts: { type: 'hash'; key: number; value: bigint };
    /** BPF_MAP_TYPE_RINGBUF, 262144 bytes */
    events: { type: 'ringbuf' };
    /** Global variables, 8 bytes */
    '.bss': { type: 'data'; value: bss };
    /** As .bss */
    'execsnoo.bss': { type: 'data'; value: bss };
  };
  structs: {
    process_exec: process_exec;
    exec_event: exec_event;
  };
  programs: {
    /** SEC("tracepoint/sched/sched_process_exec") */
    on_exec: 'section';
  };
}

/** struct process_exec, 24 bytes */
export interface process_exec {
  /** __u64 */ common: bigint;
  /** __u32 */ filename_location: number;
  /** __s32 */ pid: number;
  /** __s32 */ old_pid: number;
}

/** struct exec_event, 160 bytes */
export interface exec_event {
  /** __u64 */ ts: bigint;
  /** __u32 */ pid: number;
  /** __u32 */ uid: number;
  /** char[16] */ comm: string;
  /** char[128] */ filename: string;
}

/** Global variables in .bss */
export interface bss {
  /** const struct exec_event * */ unused: bigint;
}
