/// <reference path="./object-types.d.ts" />

/**
 * Loads a compiled eBPF object, attaches its programs and talks to its maps. Keys, values and records are typed by the object's BTF:
 *
 * | C | read as | accepted on write |
 * | --- | --- | --- |
 * | integers up to 32 bits, enums | number | number, or BigInt in range |
 * | 64-bit integers, 64-bit enums, pointers | BigInt | BigInt, or safe-integer number |
 * | `bool` | boolean | boolean, 0, 1 |
 * | `char[N]` | string up to the first NUL | string that fits, `Uint8Array`, `number[]` |
 * | `__u8[N]` | `Uint8Array` | `Uint8Array`, `number[]`, string |
 * | other arrays | Array | Array, typed array |
 * | struct | plain object | object; missing members are zero, unknown ones reject |
 * | union | object with every member | object with exactly one member |
 *
 * `docs/btf-to-js.md` has the complete table.
 *
 * @example
 * ```ts
 * import probe from './probe.bpf.o';
 * import { RingBuf } from 'yeet:bpf';
 *
 * const control = await probe.bind('events', { kind: 'ringbuf', btf_struct: 'event' }).start();
 * const events = new RingBuf(control, 'events');
 * await events.subscribe(({ event }) => console.log(event));
 * await new Promise(() => {});
 * ```
 */
declare module 'yeet:bpf' {
  // biome-ignore lint/complexity/noUselessEmptyExport: without it the abstract classes, which exist in the types only, would be exported
  export {};

  /** The spellings of `kind` in {@link BpfObject.bind}. A hyphen may stand for each underscore. */
  export type BindKind =
    | 'ringbuf'
    | 'ring_buf'
    | 'data'
    | 'hashmap'
    | 'hash_map'
    | 'hash'
    | 'lru_hashmap'
    | 'lru_hash_map'
    | 'lru_hash'
    | 'lpm_trie'
    | 'lpm'
    | 'array'
    | 'percpu_hashmap'
    | 'percpu_hash_map'
    | 'percpu_hash'
    | 'lru_percpu_hashmap'
    | 'lru_percpu_hash_map'
    | 'lru_percpu_hash'
    | 'percpu_array'
    | 'bloom_filter'
    | 'bloom'
    | 'queue'
    | 'stack'
    | 'perfbuf'
    | 'perf_buf'
    | 'perf_buffer'
    | 'perf_event_array'
    | 'stack_trace'
    | 'stacktrace'
    | 'prog_array'
    | 'cgroup_storage'
    | 'percpu_cgroup_storage'
    | 'cgrp_storage'
    | 'sk_storage'
    | 'task_storage'
    | 'inode_storage'
    | 'raw';

  /**
   * What {@link BpfObject.bind} takes. An option that the kind does not know is ignored with a warning; a known one of the wrong type or
   * range throws.
   */
  export interface BindSpec {
    /** The map's type. It must match the map's real type, which is checked by the first call of a handle. */
    kind: BindKind | (string & {});
    /**
     * Ring buffers and perf buffers: the struct in the object's BTF that a record is. Without it a record arrives as
     * `{ data: Uint8Array }`. A name that the BTF does not have rejects `start()`.
     */
    btf_struct?: string;
    /** Ring buffers and perf buffers: how many records each subscription keeps for a slow callback. Default 8192, at most 2^24. */
    capacity?: number;
    /** Ring buffers and perf buffers: how many bytes of records each subscription keeps at most. Default 16 MiB, at most 1 GiB. */
    byteCap?: number;
    /** Data sections: values of globals that are written before the programs are verified and run. */
    init?: Record<string, unknown>;
    /**
     * Data sections: leave `.rodata` frozen, so that the verifier sees its values as constants. Helpers that want a constant string need
     * this. A later `patch()` rejects. Default false.
     */
    freeze?: boolean;
    /** Other options pass through. */
    [option: string]: unknown;
  }

  /**
   * One compiled eBPF object: declare the maps to reach and how programs attach, then `start()` it.
   *
   * @example
   * ```ts
   * const probe = new BpfObject({ exe: 'probe.bpf.o', base: import.meta.dirname });
   * ```
   */
  // biome-ignore lint/suspicious/noExplicitAny: without declarations, an object of any shape
  export class BpfObject<T extends ObjectTypes = any, Bound = NothingBound<T>> {
    /** By hand what an import of `./x.bpf.o` does. `exe` is looked up below `base`, which defaults to the working directory. */
    constructor(init: { exe: string; base?: string });

    /** Absolute path of the object file. */
    readonly exe: string;

    /**
     * Exposes a map to the script. Every map that a handle is opened on must be bound before `start()`.
     *
     * `name` is the map's name in the ELF file; data sections go by section (`.data`, `.rodata.config`) or by the kernel's name
     * (`probe.data`). A name that the object does not have is a warning at `start()`, and its handle rejects.
     *
     * @throws {BpfError} `InvalidOpts`: a wrong kind or option, the same map twice, or the object is started.
     */
    bind<N extends MapName<T>, S extends StructName<T> | undefined = undefined>(
      name: N,
      spec: BindSpecFor<T['maps'][N]> & { btf_struct?: S },
    ): BpfObject<T, Bound & { [Name in N]: S }>;

    /**
     * Says how a program attaches. Programs that are not named attach by their ELF section; `null`, `{}` or nothing say the same, and
     * additionally load a program of `SEC("?…")`. `false` leaves the program out: it is neither loaded nor attached; `{ autoattach: false }`
     * loads it and leaves the rest to {@link BpfControl.attach} or {@link BpfControl.run}. An array of specs attaches one program many times.
     *
     * `perf` programs, and `uprobe` programs whose section has no full target, need a spec: without one `start()` rejects and says which. A
     * `kind` that does not fit the program's type rejects with `KindMismatch`.
     *
     * @throws {BpfError} `InvalidOpts`: a spec that cannot be taken, the same program twice, or the object is started.
     */
    attach<P extends ProgramName<T>>(
      progName: P,
      spec?:
        | AttachSpecFor<T['programs'][P]>
        | readonly AttachSpecFor<T['programs'][P]>[]
        | { autoattach: false }
        | null
        | false,
    ): this;

    /**
     * Loads the object, runs the verifier, binds the declared maps and attaches every program: all of it or nothing. The work happens on
     * another thread.
     *
     * A started object cannot be started, bound or attached again until it is stopped.
     *
     * Rejects with `NotFound` (no such file), `InvalidObject`, `VerifierRejected`, `AttachFailed`, `PermissionDenied`, `Unsupported`, or
     * `InvalidOpts` (what was declared does not fit the object).
     */
    start(): Promise<BpfControl<T, Bound>>;
  }

  /** How one program attaches. `kind` selects the lane, which must fit the program's type; the empty object stands for the ELF section. */
  export type AttachSpec =
    | Record<string, never>
    | SectionSpec
    | UprobeSpec
    | UsdtSpec
    | PerfSpec
    | XdpSpec
    | TcxSpec
    | CgroupSpec
    | NetnsSpec
    | NetfilterSpec
    | IterSpec;

  /**
   * Attaches as the ELF section says, with a number that the program reads with `bpf_get_attach_cookie()`: 0 to 2 ** 64 - 1. For tracepoints and
   * kernel probes since Linux 5.15, `fentry`, `fexit`, `fmod_ret`, `tp_btf` and `lsm` since 5.19, raw tracepoints since 6.10.
   */
  export interface SectionSpec {
    cookie: bigint | number;
  }

  /**
   * A namespace, by somebody who is in it: the host's (that of process 1), that of a process, or the one behind a file such as
   * `/proc/1234/ns/net` or `/run/netns/blue`.
   */
  export type NamespaceScope = 'host' | { pid: number } | { path: string };

  /** The explicit form that a {@link NamespaceScope} stands for. */
  export type NamespaceHandle = { kind: 'host' } | { kind: 'pid'; pid: number } | { kind: 'path'; path: string };

  /**
   * Attaches a uprobe or uretprobe to user-space code; which of the two says the program's section. Given is `symbol`, `match`, `offset`, or
   * `symbol` with `offset`. All places of one binary, from `match` or an array of specs, become one link where the kernel can (Linux 6.6, with
   * `pid` 6.10), which is much faster to remove.
   *
   * `SEC("uprobe/BINARY:SYMBOL")`, with `+OFFSET` behind it if need be, and `SEC("uprobe.multi/BINARY:PATTERN")`, in whose pattern `*` and `?`
   * stand for any characters, need no spec. One that is given goes before the section.
   *
   * `start()` rejects with `NotFound` when there is no such binary, process or function, naming similar ones; with `InvalidOpts` when a name
   * means several functions or a place is not in the binary's code; and with `AttachFailed` when the kernel refuses the place.
   *
   * @example
   * ```ts
   * probe.attach('trace_ssl', { kind: 'uprobe', binary: 'libssl.so.3', symbol: 'SSL_read' });
   * probe.attach('trace_all', { kind: 'uprobe', binary: 'libssl.so', match: /^SSL_(read|write)(_ex)?$/ });
   * ```
   */
  export interface UprobeSpec {
    kind: 'uprobe';
    /**
     * A bare name, looked up as the dynamic loader does (without its version: the newest) and then in `$PATH`, or an absolute path. With `pid`,
     * as that process sees it: in its mount namespace and below its root folder, which no symbolic link leads out of.
     */
    binary: string;
    /**
     * The function, with a version where it needs one (`memcpy@GLIBC_2.2.5`). C++ and Rust functions may be named as their source does, C++
     * ones with or without parameters (`shop::Order::total(int)`). Functions that are not exported are found as long as their symbols were not
     * stripped, or are in `.gnu_debugdata`. Without symbol, `offset` counts from the start of the file.
     */
    symbol?: string;
    /**
     * Instead of a symbol: all functions whose names match this regular expression, at most 10000. C++ and Rust names are matched as their
     * source has them. The engine takes time in proportion to the name and has no look-around and no backreferences; `i` is its only flag.
     */
    match?: RegExp | string;
    /** Bytes behind the symbol, or from the start of the file. Default 0. Return probes take none behind a symbol. */
    offset?: number | bigint;
    /** Only this process, with all its threads. Default: every process that has the binary mapped, now or later. */
    pid?: number;
    /** What `bpf_get_attach_cookie()` returns in the program when this place runs it, below 2 ** 64. Default 0. */
    cookie?: number | bigint;
  }

  /**
   * Attaches to a static probe (USDT) of user-space code; a probe with a semaphore is switched on. `SEC("usdt/BINARY:PROVIDER:NAME")` needs no
   * spec. `start()` rejects with `NotFound` and the probes that there are when there is no such probe.
   *
   * @example
   * ```ts
   * probe.attach('on_gc', { kind: 'usdt', binary: 'node', provider: 'node', name: 'gc__start' });
   * ```
   */
  export interface UsdtSpec {
    kind: 'usdt';
    /** As in {@link UprobeSpec}. */
    binary: string;
    provider: string;
    name: string;
    /** Only this process. Default: every process that has the binary mapped. */
    pid?: number;
    /** What `bpf_usdt_cookie()` returns in the program, below 2 ** 64. Default 0. */
    cookie?: number | bigint;
  }

  /**
   * Arms perf events and runs the program on each sample: one event for each CPU, or for each thread of the processes in `target`.
   *
   * `start()` rejects with `Unsupported` where the machine does not count the event, `InvalidOpts` for a CPU that is not online or a frequency
   * above the kernel's limit, and `NotFound` for a process, namespace or control group that is not there.
   *
   * @example
   * ```ts
   * probe.attach('on_tick', { kind: 'perf', event: { kind: 'software', name: 'cpu_clock' }, sample: { freq: 99 } });
   * ```
   */
  export interface PerfSpec {
    kind: 'perf';
    event: { kind: 'software'; name: SoftwareEvent } | { kind: 'hardware'; name: HardwareEvent };
    /** CPU numbers. Default: every CPU that is online. */
    cpu?: readonly number[];
    /** Whom to observe. Default: all processes of the host. */
    target?: PidsTarget | { kind: 'cgroup'; path: string };
    /** About `freq` samples a second, or one every `period` events. Without it the event counts and the program does not run. */
    sample?: { freq: number } | { period: number };
    /** What the program reads with `bpf_get_attach_cookie()` (Linux 5.15), at most 2^64 - 1. Default: it reads 0. */
    cookie?: bigint | number;
  }

  /**
   * Processes, by number in a pid namespace, with their threads and what they fork or clone later. Without `pids`: all in it. Who enters the
   * namespace later by setns(2) is not among them.
   */
  export interface PidsTarget {
    kind: 'pids';
    ns?: NamespaceScope;
    /** Numbers of processes as that namespace has them. */
    pids?: readonly number[];
    /** In place of `ns`. */
    handle?: NamespaceHandle;
  }

  /** Events that the kernel counts. */
  export type SoftwareEvent =
    | 'cpu_clock'
    | 'task_clock'
    | 'page_faults'
    | 'context_switches'
    | 'cpu_migrations'
    | 'page_faults_min'
    | 'page_faults_maj'
    | 'alignment_faults'
    | 'emulation_faults';

  /** Events that the CPU counts; a virtual machine may have none. */
  export type HardwareEvent =
    | 'cpu_cycles'
    | 'instructions'
    | 'cache_references'
    | 'cache_misses'
    | 'branch_instructions'
    | 'branch_misses'
    | 'bus_cycles'
    | 'stalled_cycles_frontend'
    | 'stalled_cycles_backend'
    | 'ref_cpu_cycles';

  /**
   * Attaches to network interfaces at the driver. By default to all of the host that are there at this moment, skipping those that refuse the
   * program, which is said on stderr; with an explicit `ifindex` any refusal rejects `start()`. {@link BpfControl.programs} tells for each
   * interface whether its driver runs the program (`xdp (native)`) or the kernel behind it (`xdp (generic)`).
   *
   * @example
   * ```ts
   * probe.attach('on_packet', { kind: 'xdp', ns: { path: '/run/netns/blue' }, ifindex: ['eth0'] });
   * ```
   */
  export interface XdpSpec {
    kind: 'xdp';
    /** The network namespace. Default: the host's. */
    ns?: NamespaceScope;
    /** Interface indices or names. Default: all. */
    ifindex?: readonly (number | string)[];
    /** In place of `ns` and `ifindex`. */
    net?: { handle: NamespaceHandle; ifindex?: readonly (number | string)[] };
  }

  /**
   * Attaches to the traffic-control chain of network interfaces. Before Linux 6.6 it is a filter of a clsact queueing discipline, which is
   * removed on stop; {@link BpfControl.programs} says `tcx (ingress)` or `clsact filter (ingress)`. Defaults as in {@link XdpSpec}.
   *
   * @example
   * ```ts
   * probe.attach('ingress', { kind: 'tcx', ifindex: [2], order: 'before' });
   * ```
   */
  export interface TcxSpec extends Omit<XdpSpec, 'kind'> {
    kind: 'tcx';
    /** Before or after all programs that are there. Default: where the kernel puts it, behind the others. */
    order?: 'default' | 'before' | 'after';
    /** Default: what the section says, ingress where it says nothing. */
    direction?: 'ingress' | 'egress';
  }

  /**
   * Attaches a program of a cgroup hook to a control group and those below it. Default: the root of the cgroup v2 hierarchy.
   *
   * @example
   * ```ts
   * probe.attach('on_connect', { cgroup: '/sys/fs/cgroup/system.slice' });
   * ```
   */
  export interface CgroupSpec {
    kind?: 'cgroup';
    /** The group's folder, as an absolute path. */
    cgroup: string;
  }

  /** Attaches a `sk_lookup` or `flow_dissector` program to a network namespace. Default: the host's. */
  export interface NetnsSpec {
    kind?: 'netns';
    ns?: NamespaceScope;
  }

  /**
   * Attaches a netfilter program to a hook (Linux 6.4).
   *
   * @example
   * ```ts
   * probe.attach('on_packet', { pf: 'inet4', hook: 'local_in', priority: -10 });
   * ```
   */
  export interface NetfilterSpec {
    kind?: 'netfilter';
    pf: 'inet4' | 'inet6';
    hook: 'pre_routing' | 'local_in' | 'forward' | 'local_out' | 'post_routing';
    /** Lower numbers see packets first; each can be taken once per hook. */
    priority: number;
    /** The network namespace. Default: the host's. */
    ns?: NamespaceScope;
  }

  /**
   * What a program of `SEC("iter/…")` walks; see {@link BpfControl.iterate}. Which options it takes is its section's to say: `map` for
   * `bpf_map_elem` and `bpf_sk_storage_map` (which need it), `pid` or `tid` for `task`, `task_file` and `task_vma` (Linux 6.1), `cgroup` and
   * `order` for `cgroup`. Without options: all of them.
   */
  export interface IterSpec {
    kind: 'iter';
    /** The map of the object whose elements are walked. */
    map?: string;
    /** Only the threads of this process. */
    pid?: number;
    /** Only this thread. */
    tid?: number;
    /** The folder of the control group to start at. Default: the root of the cgroup v2 hierarchy. */
    cgroup?: string;
    /** Default `descendants_pre`: each group before those below it. */
    order?: 'self' | 'descendants_pre' | 'descendants_post' | 'ancestors_up';
  }

  /** A program of a started object. */
  export interface ProgramInfo {
    /** The function's name. */
    name: string;
    /** What `SEC("...")` says. */
    section: string;
    /** The kernel's name of the program's type: `tracepoint`, `xdp` … */
    type: string;
    /** The kernel's id; `undefined` for a program that was left out. */
    id: number | undefined;
    /**
     * Where it is attached: the kind of link, and what it is attached to. A place goes with its interface, network namespace or control group; that of
     * a process that has ended stays.
     */
    attached: { how: string; target: string }[];
    /**
     * How often it ran and how long that took in all, in nanoseconds. `undefined` unless the kernel counts, which costs every BPF program of
     * the machine a little: `sysctl kernel.bpf_stats_enabled=1`.
     */
    stats: { runs: number; runTimeNs: number } | undefined;
  }

  /** What {@link BpfControl.run} gives a program. */
  export interface RunOptions {
    /** The packet, from its Ethernet header on (at least 14 bytes), for programs that see one. */
    data?: Uint8Array | ArrayBuffer | readonly number[];
    /**
     * The program's argument: a value of the struct that it points to, an array of 64-bit words (raw tracepoints), or bytes. Members that are not
     * given are zero.
     */
    ctx?: object | readonly (bigint | number)[] | Uint8Array | ArrayBuffer;
    /** How often it runs. Default 1. Not for `syscall` and raw tracepoint programs. */
    repeat?: number;
    /** The CPU that it runs on, for raw tracepoint programs. Default: any. */
    cpu?: number;
  }

  /** What came of running a program by hand. */
  export interface RunResult {
    /** What the program returned, the last time: `XDP_PASS` is 2, an error of a `syscall` program negative. */
    returnValue: number;
    /** Nanoseconds that one run took on average; 0 for program types that the kernel does not time. */
    durationNs: number;
    /** The packet as the program left it; `undefined` where none was given. */
    data: Uint8Array | undefined;
    /** The argument as the program left it: a value of its type where it was given as one, else bytes. */
    ctx: unknown;
  }

  /** A started object, from {@link BpfObject.start}. With `await using` it stops at the end of its block. */
  // biome-ignore lint/suspicious/noExplicitAny: without declarations, an object of any shape
  export class BpfControl<T extends ObjectTypes = any, Bound = NothingBound<T>> {
    private constructor();
    /** Identifier of the running instance: the object's name and a number. Map handles keep it to find their way. */
    readonly id: string;

    /** The object's programs and where they are attached now. Throws `Stopped` after {@link BpfControl.stop}. */
    programs(): ProgramInfo[];

    /**
     * Attaches a program of the running object once more, or one that {@link BpfObject.attach} kept back with `{ autoattach: false }`. Takes the
     * specs of {@link BpfObject.attach}; all places of one call or none. Calls that are not awaited take effect in call order.
     *
     * Rejects with `InvalidOpts`, `KindMismatch`, `NotFound`, `AttachFailed`, `PermissionDenied`, `Unsupported`, or `Stopped`.
     *
     * @example
     * ```ts
     * await control.attach('on_malloc', { kind: 'uprobe', binary: 'libc.so.6', symbol: 'malloc', pid });
     * ```
     */
    attach<P extends ProgramName<T>>(
      progName: P,
      spec?: AttachSpecFor<T['programs'][P]> | readonly AttachSpecFor<T['programs'][P]>[] | null,
    ): Promise<void>;

    /**
     * Detaches a program from every place; it stays loaded and can be attached again. Resolves when the kernel has detached it, also where it
     * was attached nowhere. Rejects with `InvalidOpts` (no such program) or `Stopped`.
     */
    detach(progName: ProgramName<T>): Promise<void>;

    /**
     * Runs a program by hand (BPF_PROG_TEST_RUN), attached or not: how to test it, or to call a `SEC("syscall")` program. The kernel does so with
     * programs of type xdp, sched_cls, socket_filter, cgroup_skb, flow_dissector, sk_lookup, netfilter, raw_tracepoint and syscall.
     *
     * Rejects with `InvalidOpts`, `InvalidValue` (`ctx` does not fit the argument's type), `Unsupported`, `PermissionDenied`, or `Stopped`.
     *
     * @example
     * ```ts
     * const { returnValue } = await control.run('drop_udp', { data: packet, repeat: 1000 });
     * ```
     */
    run(progName: ProgramName<T>, options?: RunOptions): Promise<RunResult>;

    /**
     * Reads an iterator, `SEC("iter/task")` and its kin: each call runs the program over everything it walks. Yields the lines of what it writes
     * (`bpf_seq_printf`), with `btf_struct` the structs of that name (`bpf_seq_write`) as `{ [btf_struct]: value }`, with `bytes` pieces as they
     * come. Rejects with `InvalidOpts`, `InvalidValue` (what it writes is no such struct), `Io`, or `Stopped`.
     *
     * @example
     * ```ts
     * for await (const { task } of control.iterate('each_task', { btf_struct: 'task' })) console.log(task.comm);
     * ```
     */
    iterate(progName: ProgramName<T>, options?: { bytes?: false }): AsyncGenerator<string, void>;
    iterate<S extends StructName<T>>(
      progName: ProgramName<T>,
      options: { btf_struct: S },
    ): AsyncGenerator<{ [Name in S]: T['structs'][Name] }, void>;
    iterate(progName: ProgramName<T>, options: { bytes: true }): AsyncGenerator<Uint8Array, void>;

    /**
     * Detaches all programs and frees the object and its maps. What was called before is applied first, and records that the kernel still
     * holds are delivered before it resolves. Calling it again gives the same promise; afterwards the object can be started again.
     */
    stop(): Promise<void>;

    [Symbol.asyncDispose](): Promise<void>;
  }

  /** Kernel metadata of a map; sizes in bytes. */
  export interface MapInfo {
    /** The kernel's name of the type: `hash`, `lpm_trie`, `lru_percpu_hash` … */
    map_type: string;
    key_size: number;
    value_size: number;
    max_entries: number;
  }

  /** Kernel metadata of a map without keys; sizes in bytes. */
  export interface KeylessInfo {
    /** The kernel's name of the type: `bloom_filter`, `queue`, `stack`. */
    map_type: string;
    value_size: number;
    max_entries: number;
  }

  /** Kernel metadata of a per-CPU map; sizes in bytes. */
  export interface PerCpuInfo extends MapInfo {
    /** Possible CPUs of this machine: how many values each entry has. */
    num_cpus: number;
  }

  /** How to walk a map. */
  export interface EntriesOptions {
    /** How many entries to fetch from the kernel at a time. By default it follows from their size. */
    batchSize?: number;
  }

  /** A walk over a map. `break` in a `for await` ends it. */
  export interface MapIterator<T> extends AsyncIterableIterator<T> {
    next(): Promise<IteratorResult<T, undefined>>;
    return(value?: unknown): Promise<IteratorResult<T, undefined>>;
    [Symbol.asyncIterator](): this;
    [Symbol.asyncDispose](): Promise<void>;
  }

  /**
   * What all map handles share.
   *
   * The constructor validates nothing: it records the control's id and the name. The first call checks in this order, and every later one
   * checks the first: the object was stopped (`Stopped`), the map was not bound (`Unbound`) or is not in the object (`NotFound`), the map
   * is not what `bind()` said or not what the class opens (`InvalidMapKind`).
   *
   * Calls on one map that are not awaited apply in call order.
   */
  abstract class MapHandle {
    constructor(control: BpfControl, name: string);
  }

  // biome-ignore lint/suspicious/noExplicitAny: the types of keys and values come from the object at run time
  interface HashLike<K = any, V = any> extends MapHandle {
    /**
     * The value of `key`; `undefined` when it is absent. On an LRU map this does not count as use since Linux 5.2: only what programs look
     * up does.
     */
    lookup(key: Input<K>): Promise<V | undefined>;

    /** Inserts or overwrites. */
    update(key: Input<K>, value: Input<V>): Promise<void>;

    /** Removes `key`. Rejects with `NotFound` when it is absent. */
    delete(key: Input<K>): Promise<void>;

    /**
     * Walks all pairs, page by page. Under concurrent change an entry that stays is met exactly once; one that comes or goes meanwhile may
     * or may not be met. To remove while walking, collect the keys and delete them afterwards.
     */
    entries(options?: EntriesOptions): MapIterator<[K, V]>;

    /** As {@link HashLike.entries}, keys alone. */
    keys(options?: EntriesOptions): MapIterator<K>;

    /** As {@link HashLike.entries}, values alone. */
    values(options?: EntriesOptions): MapIterator<V>;

    /**
     * Writes many pairs in one system call (Linux 5.6). All are converted first: one bad pair and nothing is written. The kernel itself is
     * not atomic: when it stops in the middle, `error.applied` says how many were written.
     */
    updateBatch(pairs: Iterable<readonly [Input<K>, Input<V>]>): Promise<void>;

    /** Removes many keys in one system call (Linux 5.6). Stops at the first that is absent: `NotFound` with `error.applied`. */
    deleteBatch(keys: Iterable<Input<K>>): Promise<void>;

    /**
     * Up to `count` pairs from the start of the map in one system call (Linux 5.6). A second call starts again; use
     * {@link HashLike.entries} to walk.
     */
    lookupBatch(count?: number): Promise<[K, V][]>;

    /** Fetches and removes up to `count` pairs, never more (Linux 5.6; below the size of a hash bucket 5.14). */
    drainBatch(count?: number): Promise<[K, V][]>;

    /** Removes every entry and resolves to how many there were. */
    clear(): Promise<number>;

    /** Kernel metadata, from when the object was started. Throws what the other methods reject with. */
    info(): MapInfo;
  }

  /**
   * `BPF_MAP_TYPE_HASH`. When it is full, `update()` rejects with `E2BIG`.
   *
   * @example
   * ```ts
   * const counts = new HashMap<number, bigint>(control, 'counts');
   * for await (const [pid, n] of counts.entries()) console.log(pid, n);
   * ```
   */
  // biome-ignore lint/suspicious/noExplicitAny: the types of keys and values come from the object at run time
  export interface HashMap<K = any, V = any> extends HashLike<K, V> {}
  /** Opens a map of this kind: `new HashMap(control, name)`. */
  export const HashMap: {
    new <
      K = Declared,
      V = Declared,
      C extends BpfControl = BpfControl,
      N extends NameFor<C, 'hash'> = NameFor<C, 'hash'>,
    >(
      control: C,
      name: N,
    ): HashMap<KeyOf<K, C, N>, ValueOf<V, C, N>>;
    readonly prototype: HashMap;
  };

  /** `BPF_MAP_TYPE_LRU_HASH`. As {@link HashMap}, but when it is full `update()` evicts the least recently used entry without a word. */
  // biome-ignore lint/suspicious/noExplicitAny: the types of keys and values come from the object at run time
  export interface LruHashMap<K = any, V = any> extends HashLike<K, V> {}
  /** Opens a map of this kind: `new LruHashMap(control, name)`. */
  export const LruHashMap: {
    new <
      K = Declared,
      V = Declared,
      C extends BpfControl = BpfControl,
      N extends NameFor<C, 'lru_hash'> = NameFor<C, 'lru_hash'>,
    >(
      control: C,
      name: N,
    ): LruHashMap<KeyOf<K, C, N>, ValueOf<V, C, N>>;
    readonly prototype: LruHashMap;
  };

  /**
   * `BPF_MAP_TYPE_ARRAY`. The key is an index from 0 to `info().max_entries - 1`; others reject with `InvalidValue`. Nothing can be
   * deleted: clear a slot by writing zero. The arrays behind globals are opened with {@link DataSec}.
   */
  // biome-ignore lint/suspicious/noExplicitAny: the type of values comes from the object at run time
  export interface ArrayMap<V = any> extends MapHandle {
    lookup(index: number): Promise<V | undefined>;
    update(index: number, value: Input<V>): Promise<void>;

    /** Walks all slots in order. */
    entries(options?: EntriesOptions): MapIterator<[number, V]>;

    /** Writes many slots in one system call (Linux 5.6). All are converted first: one bad pair and nothing is written. */
    updateBatch(pairs: Iterable<readonly [number, Input<V>]>): Promise<void>;

    /** The first `count` slots in one system call (Linux 5.6). */
    lookupBatch(count?: number): Promise<[number, V][]>;
    info(): MapInfo;
  }
  /** Opens a map of this kind: `new ArrayMap(control, name)`. */
  export const ArrayMap: {
    new <V = Declared, C extends BpfControl = BpfControl, N extends NameFor<C, 'array'> = NameFor<C, 'array'>>(
      control: C,
      name: N,
    ): ArrayMap<ValueOf<V, C, N>>;
    readonly prototype: ArrayMap;
  };

  /**
   * A prefix. A string of n characters stands for `{ prefixlen: 8 * n, data }`: each character is one byte, so above U+00FF it rejects.
   * `data` may be shorter than the map's field as long as it holds `prefixlen` bits.
   */
  export type LpmKey = string | { prefixlen: number; data: ArrayLike<number> };

  /** A key of a trie whose keys read as `K`: a prefix, or the object's own struct where its members have other names. */
  export type LpmInput<K> = K extends { prefixlen: number; data: unknown } ? LpmKey : LpmKey | Input<K>;

  /**
   * `BPF_MAP_TYPE_LPM_TRIE`: `lookup()` finds the longest prefix that matches. There is no `drainBatch`, since the kernel has none for
   * tries: use `entries()` and `deleteBatch()`. While other keys come and go, a walk may miss one that stays: the kernel walks tries without
   * a lock.
   *
   * @example
   * ```ts
   * const acl = new LpmTrie(control, 'acl');
   * await acl.update({ prefixlen: 24, data: [10, 0, 0] }, { action: 1 });
   * await acl.lookup({ prefixlen: 32, data: [10, 0, 0, 7] }); // { action: 1 }
   * ```
   */
  // biome-ignore lint/suspicious/noExplicitAny: the types of keys and values come from the object at run time
  export interface LpmTrie<V = any, K = { prefixlen: number; data: any }> extends MapHandle {
    /** The value of the longest prefix that matches the first `prefixlen` bits of `data`; `undefined` when there is none. */
    lookup(key: LpmInput<K>): Promise<V | undefined>;
    update(key: LpmInput<K>, value: Input<V>): Promise<void>;

    /** Removes exactly this prefix. Rejects with `NotFound` when it is absent. */
    delete(key: LpmInput<K>): Promise<void>;

    /** As {@link HashMap.entries}; the data of a key reads as its BTF type. */
    entries(options?: EntriesOptions): MapIterator<[K, V]>;
    updateBatch(pairs: Iterable<readonly [LpmInput<K>, Input<V>]>): Promise<void>;
    deleteBatch(keys: Iterable<LpmInput<K>>): Promise<void>;

    lookupBatch(count?: number): Promise<[K, V][]>;
    info(): MapInfo;
  }
  /** Opens a map of this kind: `new LpmTrie(control, name)`. */
  export const LpmTrie: {
    new <
      V = Declared,
      K = Declared,
      C extends BpfControl = BpfControl,
      N extends NameFor<C, 'lpm_trie'> = NameFor<C, 'lpm_trie'>,
    >(
      control: C,
      name: N,
    ): LpmTrie<ValueOf<V, C, N>, KeyOf<K, C, N>>;
    readonly prototype: LpmTrie;
  };

  /** `BPF_MAP_TYPE_BLOOM_FILTER` (Linux 5.16): a probabilistic set without keys and without removal. */
  // biome-ignore lint/suspicious/noExplicitAny: the type of values comes from the object at run time
  export interface BloomFilter<V = any> extends MapHandle {
    /** Adds `value`. Adding it again changes nothing. */
    insert(value: Input<V>): Promise<void>;

    /** False when `value` was never inserted; true when it was, and sometimes when it was not. */
    contains(value: Input<V>): Promise<boolean>;
    info(): KeylessInfo;
  }
  /** Opens a map of this kind: `new BloomFilter(control, name)`. */
  export const BloomFilter: {
    new <
      V = Declared,
      C extends BpfControl = BpfControl,
      N extends NameFor<C, 'bloom_filter'> = NameFor<C, 'bloom_filter'>,
    >(
      control: C,
      name: N,
    ): BloomFilter<ValueOf<V, C, N>>;
    readonly prototype: BloomFilter;
  };

  // biome-ignore lint/suspicious/noExplicitAny: the types of keys and values come from the object at run time
  interface PercpuHashLike<K = any, V = any> extends MapHandle {
    /** One value per possible CPU, in CPU order; `undefined` when the key is absent. */
    lookup(key: Input<K>): Promise<V[] | undefined>;

    /** Writes the values of all CPUs; the length must be `info().num_cpus`. */
    update(key: Input<K>, valuesPercpu: ArrayLike<Input<V>>): Promise<void>;

    /** Removes `key`. Rejects with `NotFound` when it is absent. */
    delete(key: Input<K>): Promise<void>;
    entries(options?: EntriesOptions): MapIterator<[K, V[]]>;
    keys(options?: EntriesOptions): MapIterator<K>;
    values(options?: EntriesOptions): MapIterator<V[]>;

    /** Removes every entry and resolves to how many there were. */
    clear(): Promise<number>;
    info(): PerCpuInfo;
  }

  /**
   * `BPF_MAP_TYPE_PERCPU_HASH`: each entry has one value per possible CPU. Aggregate them in the script. There are no batch methods; use
   * `entries()`.
   *
   * @example
   * ```ts
   * const hits = new PercpuHashMap<number, bigint>(control, 'hits');
   * const total = (await hits.lookup(pid))?.reduce((a, b) => a + b, 0n) ?? 0n;
   * ```
   */
  // biome-ignore lint/suspicious/noExplicitAny: the types of keys and values come from the object at run time
  export interface PercpuHashMap<K = any, V = any> extends PercpuHashLike<K, V> {}
  /** Opens a map of this kind: `new PercpuHashMap(control, name)`. */
  export const PercpuHashMap: {
    new <
      K = Declared,
      V = Declared,
      C extends BpfControl = BpfControl,
      N extends NameFor<C, 'percpu_hash'> = NameFor<C, 'percpu_hash'>,
    >(
      control: C,
      name: N,
    ): PercpuHashMap<KeyOf<K, C, N>, ValueOf<V, C, N>>;
    readonly prototype: PercpuHashMap;
  };

  /** `BPF_MAP_TYPE_LRU_PERCPU_HASH`. As {@link PercpuHashMap}, but a full map evicts; the LRU lists are per CPU too. */
  // biome-ignore lint/suspicious/noExplicitAny: the types of keys and values come from the object at run time
  export interface LruPercpuHashMap<K = any, V = any> extends PercpuHashLike<K, V> {}
  /** Opens a map of this kind: `new LruPercpuHashMap(control, name)`. */
  export const LruPercpuHashMap: {
    new <
      K = Declared,
      V = Declared,
      C extends BpfControl = BpfControl,
      N extends NameFor<C, 'lru_percpu_hash'> = NameFor<C, 'lru_percpu_hash'>,
    >(
      control: C,
      name: N,
    ): LruPercpuHashMap<KeyOf<K, C, N>, ValueOf<V, C, N>>;
    readonly prototype: LruPercpuHashMap;
  };

  /** `BPF_MAP_TYPE_PERCPU_ARRAY`: each slot has one value per possible CPU. Nothing can be deleted. */
  // biome-ignore lint/suspicious/noExplicitAny: the type of values comes from the object at run time
  export interface PercpuArrayMap<V = any> extends MapHandle {
    lookup(index: number): Promise<V[] | undefined>;

    /** Writes the values of all CPUs; the length must be `info().num_cpus`. */
    update(index: number, valuesPercpu: ArrayLike<Input<V>>): Promise<void>;
    entries(options?: EntriesOptions): MapIterator<[number, V[]]>;
    info(): PerCpuInfo;
  }
  /** Opens a map of this kind: `new PercpuArrayMap(control, name)`. */
  export const PercpuArrayMap: {
    new <
      V = Declared,
      C extends BpfControl = BpfControl,
      N extends NameFor<C, 'percpu_array'> = NameFor<C, 'percpu_array'>,
    >(
      control: C,
      name: N,
    ): PercpuArrayMap<ValueOf<V, C, N>>;
    readonly prototype: PercpuArrayMap;
  };

  // biome-ignore lint/suspicious/noExplicitAny: the type of values comes from the object at run time
  interface QueueLike<V = any> extends MapHandle {
    /** Adds a value. Rejects with `E2BIG` when the map is full. */
    push(value: Input<V>): Promise<void>;

    /** Takes the next value out; `undefined` when the map is empty. */
    pop(): Promise<V | undefined>;

    /** The next value, left where it is; `undefined` when the map is empty. */
    peek(): Promise<V | undefined>;
    info(): KeylessInfo;
  }

  /** `BPF_MAP_TYPE_QUEUE`: first in, first out. */
  // biome-ignore lint/suspicious/noExplicitAny: the type of values comes from the object at run time
  export interface QueueMap<V = any> extends QueueLike<V> {}
  /** Opens a map of this kind: `new QueueMap(control, name)`. */
  export const QueueMap: {
    new <V = Declared, C extends BpfControl = BpfControl, N extends NameFor<C, 'queue'> = NameFor<C, 'queue'>>(
      control: C,
      name: N,
    ): QueueMap<ValueOf<V, C, N>>;
    readonly prototype: QueueMap;
  };

  /** `BPF_MAP_TYPE_STACK`: last in, first out. */
  // biome-ignore lint/suspicious/noExplicitAny: the type of values comes from the object at run time
  export interface StackMap<V = any> extends QueueLike<V> {}
  /** Opens a map of this kind: `new StackMap(control, name)`. */
  export const StackMap: {
    new <V = Declared, C extends BpfControl = BpfControl, N extends NameFor<C, 'stack'> = NameFor<C, 'stack'>>(
      control: C,
      name: N,
    ): StackMap<ValueOf<V, C, N>>;
    readonly prototype: StackMap;
  };

  /**
   * The globals of one data section (`.data`, `.rodata`, `.bss` or a custom `.data.x`), bound with `{ kind: 'data' }`.
   *
   * `.rodata` can be patched while the programs run when it is bound, unless it is bound with `freeze: true`. Then the verifier does not
   * know its values as constants; see `freeze` in {@link BindSpec}.
   *
   * @example
   * ```ts
   * const config = new DataSec(control, '.rodata');
   * await config.patch('target_pid', 1234n);
   * await config.patch({ sample_rate: 100, enabled: 1 });
   * ```
   */
  // biome-ignore lint/suspicious/noExplicitAny: without declarations, globals of any type
  export interface DataSec<G = any> extends MapHandle {
    /** An object of all globals. */
    read(): Promise<G>;

    /** The global `sym`; `undefined` when the section has no such global. */
    read<S extends keyof G & string>(sym: S): Promise<G[S]>;

    /**
     * Writes one global, or the members of it that `value` names, and nothing else: what BPF programs write beside it at the same time is
     * not lost. All values are converted before the first byte is written.
     */
    patch<S extends keyof G & string>(sym: S, value: Input<G[S]>): Promise<void>;

    /** Writes several globals. One bad value and nothing changes. */
    patch(values: Input<G>): Promise<void>;
  }
  /** Opens a map of this kind: `new DataSec(control, name)`. */
  export const DataSec: {
    new <G = Declared, C extends BpfControl = BpfControl, N extends NameFor<C, 'data'> = NameFor<C, 'data'>>(
      control: C,
      name: N,
    ): DataSec<ValueOf<G, C, N>>;
    readonly prototype: DataSec;
  };

  /** Counts of one subscription, in records. `received` is always `delivered + lagged + queued`. */
  export interface SubscriptionStats {
    /** Taken from the kernel since the subscription began. */
    received: number;
    /** Handed to the script. */
    delivered: number;
    /** Dropped because the queue was full. */
    lagged: number;
    /** Waiting for the script; after `unsubscribe()`, what it will not see any more. */
    queued: number;
    /** Lost before they could be taken from the kernel; `undefined` where the kernel does not count them, as for ring buffers. */
    kernelDropped: number | undefined;
  }

  /** How events are delivered. */
  export interface SubscribeOptions {
    /** Call back once per drained batch with an array of events instead of once per event. Default false. */
    batch?: boolean;
  }

  // biome-ignore lint/suspicious/noExplicitAny: the type of events comes from the object at run time
  interface EventBuffer<E = any> extends MapHandle {
    /**
     * Calls `cb` for every record, in order. With `btf_struct: 'event'` a record arrives as `{ event: { …members } }`. Each subscription
     * gets every record. Those from before the first subscription wait for it in a queue of `capacity` records.
     *
     * No callback runs before the promise has resolved. A callback that throws, or whose promise rejects, goes to `onError`, and delivery
     * goes on.
     *
     * `onError` also gets one `Lagged` error for each burst of records that were dropped because the callback is too slow, with how many
     * in `missed`. It defaults to logging the message with `console.error`.
     *
     * A subscription does not keep the script alive: await something.
     */
    subscribe(
      cb: (event: E) => unknown,
      onError?: (error: Error) => unknown,
      options?: SubscribeOptions & { batch?: false },
    ): Promise<BpfSubscription>;
    /** As above, with arrays of events: one call per drained batch. */
    subscribe(
      cb: (events: E[]) => unknown,
      onError: ((error: Error) => unknown) | undefined,
      options: { batch: true },
    ): Promise<BpfSubscription>;
    subscribe(cb: (events: E[]) => unknown, options: { batch: true }): Promise<BpfSubscription>;
    subscribe(cb: (event: E) => unknown, options: SubscribeOptions & { batch?: false }): Promise<BpfSubscription>;

    /**
     * `for await (const { event } of events)`. A slow loop loses the oldest records, and `console.error` gets the `Lagged` message. The loop
     * ends when the object stops.
     */
    [Symbol.asyncIterator](): AsyncIterableIterator<E>;
  }

  /** `BPF_MAP_TYPE_RINGBUF` (Linux 5.8): a stream of records. */
  // biome-ignore lint/suspicious/noExplicitAny: the type of events comes from the object at run time
  export interface RingBuf<E = any> extends EventBuffer<E> {}
  /** Opens a map of this kind: `new RingBuf(control, name)`. */
  export const RingBuf: {
    new <E = Declared, C extends BpfControl = BpfControl, N extends NameFor<C, 'ringbuf'> = NameFor<C, 'ringbuf'>>(
      control: C,
      name: N,
    ): RingBuf<EventOf<E, C, N>>;
    readonly prototype: RingBuf;
  };

  /**
   * `BPF_MAP_TYPE_PERF_EVENT_ARRAY`: a stream of records through one buffer per CPU. As {@link RingBuf}, but records of different CPUs may
   * overtake one another, and the kernel's own count of lost records is in `stats().kernelDropped`.
   */
  // biome-ignore lint/suspicious/noExplicitAny: the type of events comes from the object at run time
  export interface PerfBuffer<E = any> extends EventBuffer<E> {}
  /** Opens a map of this kind: `new PerfBuffer(control, name)`. */
  export const PerfBuffer: {
    new <
      E = Declared,
      C extends BpfControl = BpfControl,
      N extends NameFor<C, 'perf_event_array'> = NameFor<C, 'perf_event_array'>,
    >(
      control: C,
      name: N,
    ): PerfBuffer<EventOf<E, C, N>>;
    readonly prototype: PerfBuffer;
  };

  /** One subscription to an event buffer. With `await using` it ends at the end of its block. */
  export class BpfSubscription {
    private constructor();

    /** Ends delivery. The callback does not run again, not even for records that were on their way. */
    unsubscribe(): Promise<void>;

    /** What was received, delivered and lost so far; still readable afterwards. */
    stats(): SubscriptionStats;

    [Symbol.asyncDispose](): Promise<void>;
  }

  /** A frame of a stack trace in a map with `BPF_F_STACK_BUILD_ID`: an offset into the file that has this build id. */
  export interface BuildIdFrame {
    /** 20 bytes. */
    buildId: Uint8Array;
    offset: bigint;
  }

  /** `BPF_MAP_TYPE_STACK_TRACE`: call stacks by the id that `bpf_get_stackid()` returned. */
  export interface StackTrace extends MapHandle {
    /** Instruction addresses (or build ids and offsets), innermost frame first; `undefined` when there is no such stack. */
    lookup(id: number): Promise<(bigint | BuildIdFrame)[] | undefined>;

    /** Frees the id for another stack. Rejects with `NotFound` when it is absent. */
    delete(id: number): Promise<void>;
    entries(options?: EntriesOptions): MapIterator<[number, (bigint | BuildIdFrame)[]]>;
    info(): MapInfo;
  }
  /** Opens a map of this kind: `new StackTrace(control, name)`. */
  export const StackTrace: {
    new <C extends BpfControl = BpfControl, N extends NameFor<C, 'stack_trace'> = NameFor<C, 'stack_trace'>>(
      control: C,
      name: N,
    ): StackTrace;
    readonly prototype: StackTrace;
  };

  /** `BPF_MAP_TYPE_PROG_ARRAY`: metadata only. */
  export interface ProgArray extends MapHandle {
    info(): MapInfo;
  }
  /** Opens a map of this kind: `new ProgArray(control, name)`. */
  export const ProgArray: {
    new <C extends BpfControl = BpfControl, N extends NameFor<C, 'prog_array'> = NameFor<C, 'prog_array'>>(
      control: C,
      name: N,
    ): ProgArray;
    readonly prototype: ProgArray;
  };

  /** `BPF_MAP_TYPE_CGROUP_STORAGE`, its per-CPU form and `BPF_MAP_TYPE_CGRP_STORAGE` (Linux 6.2): metadata only. */
  export interface CgroupStorage extends MapHandle {
    info(): MapInfo;
  }
  /** Opens a map of this kind: `new CgroupStorage(control, name)`. */
  export const CgroupStorage: {
    new <
      C extends BpfControl = BpfControl,
      N extends NameFor<C, 'cgroup_storage' | 'percpu_cgroup_storage' | 'cgrp_storage'> = NameFor<
        C,
        'cgroup_storage' | 'percpu_cgroup_storage' | 'cgrp_storage'
      >,
    >(
      control: C,
      name: N,
    ): CgroupStorage;
    readonly prototype: CgroupStorage;
  };

  /** `BPF_MAP_TYPE_SK_STORAGE`: metadata only. */
  export interface SkStorage extends MapHandle {
    info(): MapInfo;
  }
  /** Opens a map of this kind: `new SkStorage(control, name)`. */
  export const SkStorage: {
    new <C extends BpfControl = BpfControl, N extends NameFor<C, 'sk_storage'> = NameFor<C, 'sk_storage'>>(
      control: C,
      name: N,
    ): SkStorage;
    readonly prototype: SkStorage;
  };

  /** `BPF_MAP_TYPE_TASK_STORAGE` (Linux 5.11): metadata only. */
  export interface TaskStorage extends MapHandle {
    info(): MapInfo;
  }
  /** Opens a map of this kind: `new TaskStorage(control, name)`. */
  export const TaskStorage: {
    new <C extends BpfControl = BpfControl, N extends NameFor<C, 'task_storage'> = NameFor<C, 'task_storage'>>(
      control: C,
      name: N,
    ): TaskStorage;
    readonly prototype: TaskStorage;
  };

  /** `BPF_MAP_TYPE_INODE_STORAGE` (Linux 5.10): metadata only. */
  export interface InodeStorage extends MapHandle {
    info(): MapInfo;
  }
  /** Opens a map of this kind: `new InodeStorage(control, name)`. */
  export const InodeStorage: {
    new <C extends BpfControl = BpfControl, N extends NameFor<C, 'inode_storage'> = NameFor<C, 'inode_storage'>>(
      control: C,
      name: N,
    ): InodeStorage;
    readonly prototype: InodeStorage;
  };

  /**
   * Any map as bytes, bound with `{ kind: 'raw' }` or with the kernel's name of a type that has no class here (`devmap`, `sockhash`,
   * `array_of_maps` …). Keys and values are exactly `key_size` and `value_size` bytes; on a per-CPU map a value is an array of one
   * `Uint8Array` per possible CPU. What the kernel refuses for the type rejects.
   */
  export interface RawMap extends MapHandle {
    lookup(key: Uint8Array): Promise<Uint8Array | undefined>;
    update(key: Uint8Array, value: Uint8Array): Promise<void>;
    delete(key: Uint8Array): Promise<void>;
    entries(options?: EntriesOptions): MapIterator<[Uint8Array, Uint8Array]>;
    info(): MapInfo & { num_cpus?: number };
  }
  /** Opens a map of this kind: `new RawMap(control, name)`. */
  export const RawMap: {
    new <C extends BpfControl = BpfControl, N extends NameFor<C> = NameFor<C>>(control: C, name: N): RawMap;
    readonly prototype: RawMap;
  };

  /** What went wrong, in one word. */
  export type BpfErrorKind =
    /** No such file, map or key. */
    | 'NotFound'
    /** The map is full. */
    | 'E2BIG'
    /** The map is not what `bind()` said, or not what the class opens. */
    | 'InvalidMapKind'
    /** An argument of `bind`, `attach`, `start` or `subscribe` that cannot be taken. */
    | 'InvalidOpts'
    /** A key or value that does not fit its C type; the message has the path of the member. */
    | 'InvalidValue'
    /** The map was not bound before `start()`. */
    | 'Unbound'
    /** The program's type is not what the `kind` of its attach spec needs. */
    | 'KindMismatch'
    /** The kernel's verifier refused a program. The message has the C line and the last log lines, `log` has everything. */
    | 'VerifierRejected'
    | 'AttachFailed'
    /** The process may not do this; the message has the one cause and the fix. */
    | 'PermissionDenied'
    /** This kernel does not have what is needed. */
    | 'Unsupported'
    /** The file is not a BPF object that can be loaded. */
    | 'InvalidObject'
    /** Records were dropped because the callback is too slow; `missed` says how many. */
    | 'Lagged'
    /** The object was stopped. */
    | 'Stopped'
    /** Any other failure of a system call. */
    | 'Io';

  /** The facts beside the message of an error; each is absent where it does not apply. */
  export interface BpfErrorFacts {
    /** The symbolic name of the failing system call's error, for example `ENOENT`. */
    errno?: string;
    /** The program that the error is about. */
    program?: string;
    /** The map that the error is about. */
    map?: string;
    /** The object file. */
    path?: string;
    /** How many entries of a batch were applied before it failed. */
    applied?: number;
    /** How many records were lost. */
    missed?: number;
    /** The verifier's whole log. */
    log?: string;
  }

  /**
   * Every failure of this module. Match on `code` or `name`, never on the message.
   *
   * @example
   * ```ts
   * try {
   *   await counts.delete(42);
   * } catch (error) {
   *   if (!(error instanceof BpfError && error.code === 'NotFound')) throw error;
   * }
   * ```
   */
  export class BpfError extends Error {
    /** For tests of scripts that handle errors; yeet makes its own. */
    constructor(kind: BpfErrorKind, message: string, facts?: BpfErrorFacts);

    /** The kind. */
    readonly name: BpfErrorKind;
    /** The kind again. */
    readonly code: BpfErrorKind;
  }

  /** The facts are members of the error itself. */
  export interface BpfError extends Readonly<BpfErrorFacts> {}
}
