/** What native code tells of an object: everything that its ELF file says and BTF does not. Sizes are bytes. */

/** An object that was read and checked, and not loaded. */
export interface ObjectFacts {
  /** The file's name without its folder. */
  readonly file: string;
  /** The contents of its `license` section; null where it has none. */
  readonly license: string | null;
  /** `.BTF`, with the sizes and offsets of data sections filled in. */
  readonly btf: Uint8Array;
  readonly maps: readonly MapFacts[];
  readonly programs: readonly ProgramFacts[];
}

/** A map. A type id of 0 means that the BTF says nothing. */
export interface MapFacts {
  readonly name: string;
  readonly kernelName: string;
  /** `.data`, `.rodata.x` …, or null for an ordinary map. */
  readonly section: string | null;
  /** The kernel's name of its type. */
  readonly mapType: string;
  readonly keySize: number;
  readonly valueSize: number;
  readonly maxEntries: number;
  /** `BPF_F_…` */
  readonly flags: number;
  readonly keyTypeId: number;
  readonly valueTypeId: number;
  /** The contents that a data section starts with; null for other maps. */
  readonly initial: Uint8Array | null;
  /** What the maps in it are like; null where it holds values. */
  readonly inner: InnerFacts | null;
}

/** What the maps in a map of maps are like. */
export interface InnerFacts {
  readonly mapType: string;
  readonly keySize: number;
  readonly valueSize: number;
  readonly maxEntries: number;
}

/** The ways of attaching, as `attach()` knows them: `section` where the section says it all, `none` where nothing attaches. */
export type AttachKind =
  | 'section'
  | 'uprobe'
  | 'usdt'
  | 'perf'
  | 'xdp'
  | 'tcx'
  | 'cgroup'
  | 'netns'
  | 'netfilter'
  | 'iter'
  | 'none';

export interface ProgramFacts {
  readonly name: string;
  /** What `SEC("…")` says, without the `?` of an optional program. */
  readonly section: string;
  /** The kernel's names of its type and of the attach type that it expects, null where the type has none. */
  readonly type: string;
  readonly attachType: string | null;
  /** False for `SEC("?…")`. */
  readonly autoload: boolean;
  readonly kind: AttachKind;
  /** What `start()` does with it where the script says nothing. */
  readonly attach: string;
  /** A spec to fill in, where it must be told where to attach. */
  readonly spec: string | null;
  /** In instructions of 8 bytes, without the functions that it calls. */
  readonly instructions: number;
  /** Numbers of the helpers that it or a function below it calls, in ascending order. */
  readonly helpers: readonly number[];
  /** Names of the kernel functions that it or a function below it calls. */
  readonly kfuncs: readonly string[];
}
