/**
 * How the declarations that `yeet types` writes of an object reach the classes of `yeet:bpf`. Scripts need {@link Input} and the structs of
 * their own object at most; everything else here is inferred. Without declarations all of it is `any`, and any name is a name.
 */
declare module 'yeet:bpf' {
  // biome-ignore lint/complexity/noUselessEmptyExport: without it the symbols, which exist in the types only, would be exported
  export {};

  /** What is known of one object: its maps, structs and programs by name. `yeet types x.bpf.o` writes it; this one knows nothing. */
  export interface ObjectTypes {
    maps: Record<string, MapTypes>;
    // biome-ignore lint/suspicious/noExplicitAny: a struct of any shape
    structs: Record<string, any>;
    // biome-ignore lint/suspicious/noExplicitAny: without declarations, a program of any kind
    programs: Record<string, any>;
  }

  /** What is known of one map. `type` is the kernel's name of its type (`data` for a section of globals). */
  export interface MapTypes {
    // biome-ignore lint/suspicious/noExplicitAny: without declarations, a map of any type
    type: any;
    // biome-ignore lint/suspicious/noExplicitAny: a key of any shape
    key?: any;
    // biome-ignore lint/suspicious/noExplicitAny: a value of any shape
    value?: any;
  }

  const union: unique symbol;
  /** Marks the members of a C union: reading gives all of them, writing takes exactly one. The mark is in the types only. */
  export interface Union {
    readonly [union]: true;
  }

  /**
   * What writing takes where reading gives `T`: numbers and BigInts for one another, members may be missing, a union takes one member,
   * byte arrays take strings and arrays.
   */
  export type Input<T> = 0 extends 1 & T
    ? T
    : T extends bigint | number
      ? bigint | number
      : T extends boolean
        ? boolean | 0 | 1
        : T extends string | Uint8Array | Int8Array
          ? string | Uint8Array | Int8Array | readonly number[]
          : T extends readonly (infer E)[]
            ? readonly (Input<E> | undefined)[] | (E extends bigint | number ? NumberArray : never)
            : T extends Union
              ? OneOf<Omit<T, typeof union>>
              : T extends object
                ? { readonly [M in keyof T]?: Input<T[M]> | undefined }
                : T;

  /** An object with one of the members of `T`. */
  export type OneOf<T> = {
    [M in keyof T]: { readonly [Given in M]: Input<T[M]> } & { readonly [Other in Exclude<keyof T, M>]?: undefined };
  }[keyof T];

  /** Typed arrays of any kind. */
  export type NumberArray =
    | Int8Array
    | Uint8Array
    | Uint8ClampedArray
    | Int16Array
    | Uint16Array
    | Int32Array
    | Uint32Array
    | Float32Array
    | Float64Array
    | BigInt64Array
    | BigUint64Array;

  const known: unique symbol;
  /** Carries what is known of an object through the chain from its import to its map handles. In the types only. */
  export interface Knows<T extends ObjectTypes, Bound> {
    readonly [known]?: { readonly object: T; readonly bound: Bound };
  }

  /** Knows its object's type, and what was bound. */
  // biome-ignore lint/suspicious/noExplicitAny: without declarations, an object of any shape
  export interface BpfObject<T extends ObjectTypes = any, Bound = NothingBound<T>> extends Knows<T, Bound> {}
  /** Knows what its object knew. */
  // biome-ignore lint/suspicious/noExplicitAny: without declarations, an object of any shape
  export interface BpfControl<T extends ObjectTypes = any, Bound = NothingBound<T>> extends Knows<T, Bound> {}

  /** Before the first `bind()`. */
  // biome-ignore lint/suspicious/noExplicitAny: nothing is known
  export type NothingBound<T> = 0 extends 1 & T ? any : unknown;

  /** The object's types behind a control. */
  export type TypesOf<C> = C extends Knows<infer T, infer _> ? T : ObjectTypes;
  /** The names of the object's maps of the kernel's type `Type`, or of all. */
  // biome-ignore lint/suspicious/noExplicitAny: all of them
  export type MapName<T extends ObjectTypes, Type = any> = {
    [N in keyof T['maps'] & string]: T['maps'][N]['type'] extends Type ? N : never;
  }[keyof T['maps'] & string];
  /** The names of maps that a handle of the kernel's type `Type` opens. */
  // biome-ignore lint/suspicious/noExplicitAny: all of them
  export type NameFor<C, Type = any> = MapName<TypesOf<C>, Type>;
  /** The names of the structs that `btf_struct` takes. */
  export type StructName<T extends ObjectTypes> = keyof T['structs'] & string;
  /** The names of the object's programs. */
  export type ProgramName<T extends ObjectTypes> = keyof T['programs'] & string;

  const declared: unique symbol;
  /** In the place of a type argument that nobody gave: the declarations say it. */
  export interface Declared {
    readonly [declared]: true;
  }
  /** `Given`, or the key of the map `N` where nobody gave a type. */
  // biome-ignore lint/suspicious/noExplicitAny: nothing is known
  export type KeyOf<Given, C, N> = Given extends Declared ? (MapOf<C, N> extends { key: infer K } ? K : any) : Given;
  /** `Given`, or the value of the map `N` where nobody gave a type. */
  export type ValueOf<Given, C, N> = Given extends Declared
    ? MapOf<C, N> extends { value: infer V }
      ? V
      : // biome-ignore lint/suspicious/noExplicitAny: nothing is known
        any
    : Given;
  /** What the declarations say of the map `N`. */
  export type MapOf<C, N> = N extends keyof TypesOf<C>['maps'] ? TypesOf<C>['maps'][N] : unknown;
  /** `Given`, or what a record of the event buffer `N` arrives as: that depends on the `btf_struct` that it was bound with. */
  export type EventOf<Given, C, N> = Given extends Declared
    ? C extends Knows<infer T, infer Bound>
      ? N extends keyof Bound
        ? RecordOf<T, Bound[N]>
        : // biome-ignore lint/suspicious/noExplicitAny: bound where the types cannot see it
          any
      : never
    : Given;
  /** A record of the struct `S`. */
  export type RecordOf<T extends ObjectTypes, S> =
    string extends StructName<T>
      ? // biome-ignore lint/suspicious/noExplicitAny: nothing is known
        any
      : [S] extends [StructName<T>]
        ? { [Name in S]: T['structs'][Name] }
        : { data: Uint8Array };

  /** `Name` with a hyphen in the place of any underscore. */
  export type Spelled<Name extends string> = Name extends `${infer Head}_${infer Tail}`
    ? `${Head}${'_' | '-'}${Spelled<Tail>}`
    : Name;
  /** The kernel's map types, each with the kinds that `bind()` takes for it beside `raw`. */
  export interface KindsOfTypes {
    ringbuf: 'ringbuf' | 'ring_buf';
    data: 'data';
    hash: 'hashmap' | 'hash_map' | 'hash';
    lru_hash: 'lru_hashmap' | 'lru_hash_map' | 'lru_hash';
    lpm_trie: 'lpm_trie' | 'lpm';
    percpu_hash: 'percpu_hashmap' | 'percpu_hash_map' | 'percpu_hash';
    lru_percpu_hash: 'lru_percpu_hashmap' | 'lru_percpu_hash_map' | 'lru_percpu_hash';
    bloom_filter: 'bloom_filter' | 'bloom';
    perf_event_array: 'perfbuf' | 'perf_buf' | 'perf_buffer' | 'perf_event_array';
    stack_trace: 'stack_trace' | 'stacktrace';
    cgroup_storage: 'cgroup_storage' | 'percpu_cgroup_storage' | 'cgrp_storage';
    percpu_cgroup_storage: 'cgroup_storage' | 'percpu_cgroup_storage' | 'cgrp_storage';
    cgrp_storage: 'cgroup_storage' | 'percpu_cgroup_storage' | 'cgrp_storage';
  }
  /** The kinds that `bind()` takes for a map of the kernel's type `Type`. */
  export type KindFor<Type> =
    | Spelled<Type extends keyof KindsOfTypes ? KindsOfTypes[Type] : Type & string>
    | (Type extends 'data' ? never : 'raw');

  /** What `bind()` takes for a map of which `M` is known. */
  export type BindSpecFor<M extends MapTypes> = 0 extends 1 & M['type']
    ? BindSpec
    : { kind: KindFor<M['type']> & string } & (M['type'] extends 'ringbuf' | 'perf_event_array'
        ? Pick<BindSpec, 'capacity' | 'byteCap'>
        : M['type'] extends 'data'
          ? { init?: Input<M['value']>; freeze?: boolean }
          : unknown);

  /** The kinds of program, each with what `attach()` takes for it beside `{}`. */
  export interface SpecsOfPrograms {
    section: SectionSpec;
    uprobe: UprobeSpec | SectionSpec;
    usdt: UsdtSpec | SectionSpec;
    perf: PerfSpec;
    xdp: XdpSpec;
    tcx: TcxSpec;
    cgroup: CgroupSpec;
    netns: NetnsSpec;
    netfilter: NetfilterSpec;
    iter: IterSpec;
    none: Record<string, never>;
  }
  /** What `attach()` takes for a program of the kind `P`. */
  export type AttachSpecFor<P> = 0 extends 1 & P
    ? AttachSpec
    : Record<string, never> | (P extends keyof SpecsOfPrograms ? SpecsOfPrograms[P] : AttachSpec);
}
