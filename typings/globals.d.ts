/**
 * What a script has without an import, on top of the language itself (TypeScript's library `ES2024`): the `yeet` object, `console`, timers and a few
 * parts of the web's standard library. There is no file, network or process access, and no DOM.
 */

/** The runtime's own object. */
declare const yeet: {
  /**
   * The arguments after the script's name, parsed once:
   *
   * | written | read |
   * | --- | --- |
   * | `--name value`, `--name=value`, `-n value` | the text, a number where it reads as one, `true` and `false` as booleans |
   * | `--flag` | `true` |
   * | `--no-flag` | `flag` is `false` |
   * | a name several times | an array, in order |
   * | `-abc` | `a`, `b` and `c` are `true` |
   * | anything else | in `_` |
   * | all after a bare `--` | in `--`, as text |
   *
   * A name with hyphens may be read with underscores, and the other way round. A whole number that JavaScript cannot hold exactly stays text.
   *
   * @example
   * ```ts
   * // yeet run top.ts --dry-run --pid 12 --pid 13 eth0
   * yeet.args.dry_run; // true
   * yeet.args.pid; // [12, 13]
   * yeet.args._; // ['eth0']
   * ```
   */
  readonly args: YeetArgs;
  /**
   * Ends the process with this exit code once every link is detached and everything printed is out. Runs no further line of the script, `finally`
   * blocks included.
   *
   * @param code From 0 to 255; 0 unless given.
   * @throws RangeError for any other code.
   */
  exit(code?: number): never;
  /**
   * Calls `handler` on the first SIGINT or SIGTERM, before the script is ended. What it returns is awaited for at most two seconds.
   * Several handlers run side by side; one that fails is reported and does not stop the others. A second signal ends the process at once.
   *
   * @throws TypeError where `handler` is not a function.
   */
  onSignal(handler: (signal: 'SIGINT' | 'SIGTERM') => unknown): void;
  /** Version of yeet, for example `"0.1.0"`. */
  readonly version: string;
};

type YeetArg = string | number | boolean;

interface YeetArgs {
  /** The words that belong to no flag. */
  readonly _: string[];
  /** The words after a bare `--`. */
  readonly '--': string[];
  // biome-ignore lint/suspicious/noExplicitAny: what a flag holds is for the script to know, which may say so: `const pid: number = yeet.args.pid`
  readonly [name: string]: any;
}

interface ImportMeta {
  /** The module's URL, `file:///…`. */
  readonly url: string;
  /** Whether this is the module that was named on the command line. */
  readonly main: boolean;
  /** The module's absolute path. */
  readonly filename: string;
  /** The absolute path of the module's folder. */
  readonly dirname: string;
  /** The URL that an import of `specifier` in this module leads to. */
  resolve(specifier: string): string;
}

/**
 * Prints values as a person reads them. `log`, `info`, `debug`, `dir`, `table`, `count`, `time…` and `group` write to stdout; `warn`,
 * `error`, `trace` and `assert` to stderr. Every call is written through before it returns. Colours only where the stream is a terminal
 * and `NO_COLOR` is not set.
 *
 * In a first argument that is a string, `%s %d %i %f %j %o %O %c %%` stand for the arguments that follow.
 */
declare const console: {
  log(...data: unknown[]): void;
  info(...data: unknown[]): void;
  debug(...data: unknown[]): void;
  warn(...data: unknown[]): void;
  error(...data: unknown[]): void;
  /** Like `error`, with the place of the call. */
  trace(...data: unknown[]): void;
  /** Prints an error where `condition` does not hold; the script goes on. */
  assert(condition?: boolean, ...data: unknown[]): void;
  dir(value: unknown, options?: { depth?: number; colors?: boolean; showHidden?: boolean }): void;
  dirxml(...data: unknown[]): void;
  /** Prints rows, or the entries of an object, as a table; `columns` selects. */
  table(rows: unknown, columns?: string[]): void;
  count(label?: string): void;
  countReset(label?: string): void;
  time(label?: string): void;
  timeLog(label?: string, ...data: unknown[]): void;
  timeEnd(label?: string): void;
  /** Indents what follows, up to `groupEnd`. */
  group(...label: unknown[]): void;
  groupCollapsed(...label: unknown[]): void;
  groupEnd(): void;
  /** Clears the terminal, where stdout is one. */
  clear(): void;
};

/**
 * Calls `callback` once after `delay` milliseconds. Timers run while the top-level module is pending and do not keep the script running
 * by themselves. A delay is at most 2^31 - 1, which is 24.8 days.
 *
 * @returns what `clearTimeout` takes.
 * @throws TypeError where `callback` is not a function.
 */
declare function setTimeout<A extends TimerArgs>(
  callback: (...args: A) => void,
  delay?: number,
  ...args: Partial<A>
): number;
/** Calls `callback` every `delay` milliseconds. See {@link setTimeout}. */
declare function setInterval<A extends TimerArgs>(
  callback: (...args: A) => void,
  delay?: number,
  ...args: Partial<A>
): number;
// biome-ignore lint/suspicious/noExplicitAny: only `any` lets each callback say what it takes; a promise's `resolve` takes one and needs none
type TimerArgs = any[];
/** Ends a timer of either kind; anything else is ignored. */
declare function clearTimeout(id?: number): void;
/** Ends a timer of either kind; anything else is ignored. */
declare function clearInterval(id?: number): void;
/** Calls `callback` once the running piece of JavaScript is done, before any timer or event. */
declare function queueMicrotask(callback: () => void): void;

/**
 * A deep copy that keeps maps, sets, dates, errors, typed arrays and cycles.
 *
 * @throws DOMException `DataCloneError` for what has no copy, such as a function.
 */
declare function structuredClone<T>(value: T, options?: { transfer?: ArrayBuffer[] }): T;
/** Base64 to a string of one character per byte. @throws DOMException `InvalidCharacterError` */
declare function atob(data: string): string;
/** A string of characters up to U+00FF to Base64. @throws DOMException `InvalidCharacterError` */
declare function btoa(data: string): string;

interface DOMException extends Error {
  readonly code: number;
}
declare const DOMException: {
  new (message?: string, name?: string): DOMException;
  readonly prototype: DOMException;
};

interface Event {
  readonly type: string;
  readonly target: EventTarget | null;
  readonly currentTarget: EventTarget | null;
  readonly eventPhase: number;
  readonly bubbles: boolean;
  readonly cancelable: boolean;
  readonly composed: boolean;
  readonly defaultPrevented: boolean;
  readonly isTrusted: boolean;
  readonly timeStamp: number;
  composedPath(): EventTarget[];
  preventDefault(): void;
  stopPropagation(): void;
  stopImmediatePropagation(): void;
}
interface EventInit {
  bubbles?: boolean;
  cancelable?: boolean;
  composed?: boolean;
}
declare const Event: {
  new (type: string, init?: EventInit): Event;
  readonly prototype: Event;
};

interface CustomEvent<T = unknown> extends Event {
  readonly detail: T;
}
declare const CustomEvent: {
  new <T>(type: string, init?: EventInit & { detail?: T }): CustomEvent<T>;
  readonly prototype: CustomEvent;
};

type EventListener<E extends Event = Event> = ((event: E) => unknown) | { handleEvent(event: E): unknown };
/** An error that a listener throws ends the script, as any uncaught error does. */
interface EventTarget {
  addEventListener(
    type: string,
    listener: EventListener | null,
    options?: boolean | { capture?: boolean; once?: boolean; passive?: boolean; signal?: AbortSignal },
  ): void;
  removeEventListener(type: string, listener: EventListener | null, options?: boolean | { capture?: boolean }): void;
  dispatchEvent(event: Event): boolean;
}
declare const EventTarget: {
  new (): EventTarget;
  readonly prototype: EventTarget;
};

interface AbortSignal extends EventTarget {
  readonly aborted: boolean;
  // biome-ignore lint/suspicious/noExplicitAny: whatever was given to abort()
  readonly reason: any;
  onabort: ((this: AbortSignal, event: Event) => unknown) | null;
  throwIfAborted(): void;
}
declare const AbortSignal: {
  readonly prototype: AbortSignal;
  abort(reason?: unknown): AbortSignal;
  any(signals: Iterable<AbortSignal>): AbortSignal;
  /** Aborts after so many milliseconds with a `TimeoutError`. Does not keep the script running. */
  timeout(milliseconds: number): AbortSignal;
};
interface AbortController {
  readonly signal: AbortSignal;
  abort(reason?: unknown): void;
}
declare const AbortController: {
  new (): AbortController;
  readonly prototype: AbortController;
};

interface TextEncoder {
  readonly encoding: 'utf-8';
  encode(text?: string): Uint8Array<ArrayBuffer>;
  /** Writes as much as fits: UTF-16 units `read`, bytes `written`. */
  encodeInto(text: string, into: Uint8Array): { read: number; written: number };
}
declare const TextEncoder: {
  new (): TextEncoder;
  readonly prototype: TextEncoder;
};

interface TextDecoder {
  readonly encoding: string;
  readonly fatal: boolean;
  readonly ignoreBOM: boolean;
  decode(bytes?: ArrayBufferView | ArrayBufferLike, options?: { stream?: boolean }): string;
}
declare const TextDecoder: {
  /** @throws RangeError for an unknown label. */
  new (label?: string, options?: { fatal?: boolean; ignoreBOM?: boolean }): TextDecoder;
  readonly prototype: TextDecoder;
};

interface URL {
  hash: string;
  host: string;
  hostname: string;
  href: string;
  readonly origin: string;
  password: string;
  pathname: string;
  port: string;
  protocol: string;
  search: string;
  readonly searchParams: URLSearchParams;
  username: string;
  toString(): string;
  toJSON(): string;
}
declare const URL: {
  /** @throws TypeError where the text is no URL. */
  new (url: string | URL, base?: string | URL): URL;
  readonly prototype: URL;
  parse(url: string | URL, base?: string | URL): URL | null;
  canParse(url: string | URL, base?: string | URL): boolean;
};

interface URLSearchParams {
  readonly size: number;
  append(name: string, value: string): void;
  delete(name: string, value?: string): void;
  get(name: string): string | null;
  getAll(name: string): string[];
  has(name: string, value?: string): boolean;
  set(name: string, value: string): void;
  sort(): void;
  toString(): string;
  forEach(callback: (value: string, name: string, params: URLSearchParams) => void): void;
  entries(): IterableIterator<[string, string]>;
  keys(): IterableIterator<string>;
  values(): IterableIterator<string>;
  [Symbol.iterator](): IterableIterator<[string, string]>;
}
declare const URLSearchParams: {
  new (init?: string | Iterable<readonly [string, string]> | Record<string, string>): URLSearchParams;
  readonly prototype: URLSearchParams;
};

interface PerformanceEntry {
  readonly name: string;
  readonly entryType: string;
  /** Milliseconds since `timeOrigin`. */
  readonly startTime: number;
  /** Milliseconds. */
  readonly duration: number;
  readonly detail: unknown;
  toJSON(): unknown;
}
interface Performance extends EventTarget {
  /** Milliseconds since 1970 at the start of the script. */
  readonly timeOrigin: number;
  /** Milliseconds since `timeOrigin`, from a clock that never jumps. */
  now(): number;
  mark(name: string, options?: { detail?: unknown; startTime?: number }): PerformanceEntry;
  measure(
    name: string,
    from?: string | { start?: string | number; end?: string | number; duration?: number; detail?: unknown },
    to?: string,
  ): PerformanceEntry;
  clearMarks(name?: string): void;
  clearMeasures(name?: string): void;
  getEntries(): PerformanceEntry[];
  getEntriesByName(name: string, type?: string): PerformanceEntry[];
  getEntriesByType(type: string): PerformanceEntry[];
  toJSON(): unknown;
}
declare const Performance: { readonly prototype: Performance };
declare const performance: Performance;
