/** What native code takes: how one named program attaches, checked and with defaults filled in. */
export interface AttachSpec {
  readonly program: string;
  readonly how: How;
}

/** One way of attaching, or several for the same program. */
export type How =
  | SectionHow
  | LoadHow
  | UprobeHow
  | UsdtHow
  | PerfHow
  | XdpHow
  | TcxHow
  | CgroupHow
  | NetnsHow
  | NetfilterHow
  | IterHow
  | SeveralHow;

/** By the ELF section. */
export interface SectionHow {
  readonly lane: 'auto';
  /** In decimal; null for none. */
  readonly cookie: string | null;
}

/** Loaded and attached nowhere, or not even loaded. */
export interface LoadHow {
  readonly lane: 'load' | 'off';
}

export interface UprobeHow {
  readonly lane: 'uprobe';
  readonly places: readonly UprobePlace[];
}

export interface UprobePlace {
  readonly binary: string;
  readonly symbol: string | null;
  readonly pattern: NamePattern | null;
  /** Bytes. */
  readonly offset: number;
  readonly pid: number | null;
  /** In decimal. */
  readonly cookie: string | null;
}

/** All functions whose names match. */
export interface NamePattern {
  /** A regular expression. */
  readonly source: string;
  readonly ignore_case: boolean;
}

export interface UsdtHow {
  readonly lane: 'usdt';
  readonly binary: string;
  readonly provider: string;
  readonly name: string;
  readonly pid: number | null;
  /** In decimal. */
  readonly cookie: string | null;
}

/** A namespace, by somebody who is in it. */
export type Namespace =
  | { readonly kind: 'host' }
  | { readonly kind: 'pid'; readonly pid: number }
  | { readonly kind: 'path'; readonly path: string };

export interface PerfHow {
  readonly lane: 'perf';
  readonly event: { readonly kind: 'software' | 'hardware'; readonly name: string };
  /** Null for every CPU that is online. */
  readonly cpus: readonly number[] | null;
  readonly target:
    | { readonly kind: 'pids'; readonly ns: Namespace; readonly pids: readonly number[] | null }
    | { readonly kind: 'cgroup'; readonly path: string };
  /** Null for an event that only counts. */
  readonly sample: { readonly kind: 'freq' | 'period'; readonly value: number } | null;
  /** In decimal. */
  readonly cookie: string | null;
}

export interface XdpHow {
  readonly lane: 'xdp';
  readonly ns: Namespace;
  /** Indices and names; null for all. */
  readonly interfaces: readonly (number | string)[] | null;
}

export interface TcxHow {
  readonly lane: 'tcx';
  readonly ns: Namespace;
  readonly interfaces: readonly (number | string)[] | null;
  readonly order: 'default' | 'before' | 'after';
  /** Null for what the section says. */
  readonly direction: 'ingress' | 'egress' | null;
}

export interface CgroupHow {
  readonly lane: 'cgroup';
  readonly path: string;
}

export interface NetnsHow {
  readonly lane: 'netns';
  readonly ns: Namespace;
}

export interface NetfilterHow {
  readonly lane: 'netfilter';
  readonly ns: Namespace;
  readonly pf: 'inet4' | 'inet6';
  readonly hook: 'pre_routing' | 'local_in' | 'forward' | 'local_out' | 'post_routing';
  readonly priority: number;
}

export interface IterHow {
  readonly lane: 'iter';
  readonly map: string | null;
  /** Null for every task. */
  readonly task: { readonly kind: 'pid' | 'tid'; readonly id: number } | null;
  readonly cgroup: {
    /** Null for the root of the hierarchy. */
    readonly path: string | null;
    readonly order: 'own' | 'descendants_pre' | 'descendants_post' | 'ancestors_up';
  } | null;
}

export interface SeveralHow {
  readonly lane: 'several';
  readonly each: readonly How[];
}
