// The types of opentop.bpf.o, written by `yeet types`. Do not edit.
import type { BpfObject } from 'yeet:bpf';

declare const object: BpfObject<Types>;
export default object;

export interface Types {
  maps: {
    /** BPF_MAP_TYPE_LRU_HASH, 4096 entries of 16 + 112 bytes */
    programs: { type: 'lru_hash'; key: program; value: opens };
    /** Global variables, 112 bytes */
    '.rodata': { type: 'data'; value: rodata };
    /** As .rodata */
    'opentop.rodata': { type: 'data'; value: rodata };
  };
  structs: {
    program: program;
    opens: opens;
    enter_openat: enter_openat;
  };
  programs: {
    /** SEC("tracepoint/syscalls/sys_enter_openat") */
    on_openat: 'section';
  };
}

/** struct program, 16 bytes */
export interface program {
  /** char[16] */ comm: string;
}

/** struct opens, 112 bytes */
export interface opens {
  /** __u64 */ count: bigint;
  /** __u32 */ last_pid: number;
  /** char[100] */ last_path: string;
}

/** struct enter_openat, 48 bytes */
export interface enter_openat {
  /** __u64 */ common: bigint;
  /** __s64 */ nr: bigint;
  /** __s64 */ dfd: bigint;
  /** const char * */ filename: bigint;
  /** __u64 */ flags: bigint;
  /** __u64 */ mode: bigint;
}

/** Global variables in .rodata */
export interface rodata {
  /** const struct opens */ none: opens;
}
