/**
 * The only door from TypeScript to native code: the ops of `runtime/src/ops/bpf`, typed, and the three functions of `core` that go with
 * them. Callers read `ops.op_x` at call time, because an op function that was captured inside a snapshot stays the slow variant.
 */

import type { AttachSpec, How } from './attach/mod.ts';

/** One map of an opened object, as the ELF declares it. Sizes are bytes; a type id of 0 means that the BTF says nothing. */
export interface MapDecl {
  readonly name: string;
  readonly kernelName: string;
  /** `.data`, `.rodata.x` …, or null for an ordinary map. */
  readonly section: string | null;
  readonly mapType: string;
  readonly keySize: number;
  readonly valueSize: number;
  readonly maxEntries: number;
  readonly keyTypeId: number;
  readonly valueTypeId: number;
}

export interface ProgramDecl {
  readonly name: string;
  readonly section: string;
  readonly autoload: boolean;
}

export interface OpenedObject {
  /** Names the opened file until `op_bpf_start` or `op_bpf_discard` takes it. */
  readonly handle: number;
  readonly btf: Uint8Array;
  readonly maps: readonly MapDecl[];
  readonly programs: readonly ProgramDecl[];
}

/** One write into a section's initial image. */
export interface InitStore {
  readonly offset: number;
  readonly bytes: Uint8Array;
  readonly mask: Uint8Array | null;
}

export interface SectionSpec {
  readonly map: string;
  readonly init: readonly InitStore[];
  readonly freeze: boolean;
}

export interface StartSpec {
  readonly sections: readonly SectionSpec[];
  readonly attach: readonly AttachSpec[];
  /** Maps that JavaScript will reach; each gets a handle when the object has it. */
  readonly maps: readonly string[];
  /** Event buffers that are drained from the moment the object runs. `capacity` in records, `byteCap` in bytes. */
  readonly rings: readonly { readonly map: string; readonly capacity: number; readonly byteCap: number }[];
}

/** One bound map of a running object; sizes as the kernel has them. */
export interface MapState {
  readonly name: string;
  readonly handle: number;
  readonly mapType: string;
  readonly keySize: number;
  readonly valueSize: number;
  readonly maxEntries: number;
  readonly flags: number;
  /** Possible CPUs of the machine for a per-CPU kind, else 0. */
  readonly cpus: number;
}

/** One program of a running object. */
export interface ProgramState {
  readonly name: string;
  readonly section: string;
  /** The kernel's name of the program's type. */
  readonly type: string;
  /** The kernel's id; null for a program that was left out. */
  readonly id: number | null;
  readonly attached: readonly { readonly how: string; readonly target: string }[];
  /** Null where the kernel does not count. */
  readonly stats: { readonly runs: number; readonly runTimeNs: number } | null;
}

/** What a program is run with by hand. */
export interface RunSpec {
  readonly data: Uint8Array | null;
  readonly ctx: Uint8Array | null;
  readonly repeat: number | null;
  readonly cpu: number | null;
}

/** What came of it. */
export interface Ran {
  readonly returnValue: number;
  readonly durationNs: number;
  readonly data: Uint8Array | null;
  readonly ctx: Uint8Array | null;
}

export interface StartedObject {
  readonly handle: number;
  readonly maps: readonly MapState[];
  readonly warnings: readonly string[];
}

/** Counts of one subscription, in records. */
export interface RingStats {
  readonly received: number;
  readonly delivered: number;
  readonly lagged: number;
  readonly queued: number;
  /** -1 where the kernel does not tell. */
  readonly kernelDropped: number;
}

export interface Ops {
  op_bpf_resolve(exe: string, base: string): string;
  op_bpf_open(path: string): Promise<OpenedObject>;
  op_bpf_discard(opened: number): void;
  op_bpf_start(opened: number, spec: StartSpec): Promise<StartedObject>;
  op_bpf_stop(object: number): Promise<void>;

  op_bpf_programs(object: number): readonly ProgramState[];
  /** Resolves to warnings. */
  op_bpf_attach(object: number, program: string, how: How): Promise<readonly string[]>;
  op_bpf_detach(object: number, program: string): Promise<void>;
  op_bpf_run(object: number, program: string, spec: RunSpec): Promise<Ran>;

  op_bpf_iter_open(object: number, program: string): number;
  /** What the program wrote next; an empty array at the end. */
  op_bpf_iter_next(iter: number): Promise<Uint8Array>;
  op_bpf_iter_close(iter: number): void;

  op_bpf_map_lookup(map: number, key: Uint8Array, value: Uint8Array): boolean;
  op_bpf_map_update(map: number, key: Uint8Array, value: Uint8Array): void;
  op_bpf_map_delete(map: number, key: Uint8Array): void;

  op_bpf_map_update_batch(map: number, keys: Uint8Array, values: Uint8Array, count: number): void;
  op_bpf_map_update_batch_async(map: number, keys: Uint8Array, values: Uint8Array, count: number): Promise<void>;
  op_bpf_map_delete_batch(map: number, keys: Uint8Array, count: number): void;
  op_bpf_map_delete_batch_async(map: number, keys: Uint8Array, count: number): Promise<void>;
  /** `count` 0 means the native default. Pages: see `page.ts`. */
  op_bpf_map_lookup_batch(map: number, count: number): Promise<Uint8Array>;
  op_bpf_map_drain_batch(map: number, count: number): Promise<Uint8Array>;
  op_bpf_map_clear(map: number): Promise<number>;

  op_bpf_scan_open(map: number, batchSize: number): number;
  /** The next page; an empty array when the walk is over. */
  op_bpf_scan_next(scan: number): Promise<Uint8Array>;
  op_bpf_scan_close(scan: number): void;

  op_bpf_bloom_insert(map: number, value: Uint8Array): void;
  op_bpf_bloom_contains(map: number, value: Uint8Array): boolean;
  op_bpf_queue_push(map: number, value: Uint8Array): void;
  op_bpf_queue_pop(map: number, value: Uint8Array): boolean;
  op_bpf_queue_peek(map: number, value: Uint8Array): boolean;

  op_bpf_section_read(map: number, out: Uint8Array): void;
  /** `stores`: packed by `packStores` in `data_sec.ts`. */
  op_bpf_section_store(map: number, stores: Uint8Array): void;

  op_bpf_ring_subscribe(map: number, capacity: number, byteCap: number): number;
  /** Frames, then the 16-byte trailer that `chunk.ts` reads; an empty buffer once the subscription is closed and drained. */
  op_bpf_ring_next(subscription: number): Promise<ArrayBuffer>;
  op_bpf_ring_stats(subscription: number): RingStats;
  op_bpf_ring_close(subscription: number): void;
}

/** What is used of `ext:core/mod.js`. */
export interface Core {
  readonly ops: Ops;
  unrefOpPromise(promise: Promise<unknown>): void;
  // deno_core's own declarations know builders only; the class form is what a sync op's native error path looks up.
  registerErrorClass(name: string, errorClass: new (message: string) => Error): void;
  loadExtScript(specifier: string): unknown;
}

let core: Core | undefined;

/** The ops. Empty until `refreshOps` ran. */
export let ops: Ops;

/**
 * Takes the ops from `core`. The bootstrap calls this once after every start, from a snapshot too.
 */
export function refreshOps(from: Core): void {
  core = from;
  ops = from.ops;
}

/**
 * Replaces the slow op functions that a snapshot holds by the fast ones. Costs about a millisecond, so it waits until a script starts an
 * object; later calls do nothing.
 */
export function useFastOps(): void {
  core?.loadExtScript('ext:yeet/fast_ops.js');
}

/** Lets the event loop end while `promise`, an op's, is still pending. */
export function unref<T>(promise: Promise<T>): Promise<T> {
  core?.unrefOpPromise(promise);
  return promise;
}
