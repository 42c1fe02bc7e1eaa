/**
 * The part of `deno_core` that js/ uses. Only js/ops.ts and js/globals/ may import it: everything else stays runnable under Node.
 */
declare module 'ext:core/mod.js' {
  export const core: {
    /** The functions the runtime registers, by name. js/ops.ts gives each of `yeet:bpf` its type. */
    // biome-ignore lint/suspicious/noExplicitAny: the runtime's registry has no types of its own
    readonly ops: any;
    /** Lets the event loop end although this op's promise is pending. */
    unrefOpPromise(promise: Promise<unknown>): void;
    refOpPromise(promise: Promise<unknown>): void;
    /** Errors whose class in Rust is `name` become instances of `errorClass`. */
    registerErrorClass(name: string, errorClass: new (message: string) => Error): void;
    /** Errors whose class in Rust is `name` become what `build` makes of the message. */
    registerErrorBuilder(name: string, build: (message: string) => Error): void;
    /** Calls `handler` in the moment in which the main module is done, unless it threw. */
    addMainModuleHandler(handler: () => void): void;
    /** Evaluates a lazily loaded script of an extension, once, and gives what it returns. */
    // biome-ignore lint/suspicious/noExplicitAny: each script returns an object of its own
    loadExtScript(specifier: string): any;
    createLazyLoader<T>(specifier: string): () => T;
    print(text: string, toStderr?: boolean): void;
    isProxy(value: unknown): boolean;
    getProxyDetails(value: unknown): [target: object, handler: object] | null;
    setReportExceptionCallback(report: (error: unknown) => void): void;
    setUnhandledPromiseRejectionHandler(handle: (promise: Promise<unknown>, reason: unknown) => boolean): void;
    setHandledPromiseRejectionHandler(handle: (promise: Promise<unknown>, reason: unknown) => void): void;
  };

  /** A place that extensions share and scripts cannot reach. */
  export const internals: Record<string, unknown>;

  /** The built-ins as they were before any script ran. */
  // biome-ignore lint/suspicious/noExplicitAny: a copy of every built-in, used by name
  export const primordials: Record<string, any>;
}

/** V8's own additions to `Error`. */
interface ErrorConstructor {
  /** Sets `target.stack`, without the frames above and including `constructorOpt`. */
  captureStackTrace(target: object, constructorOpt?: (...args: never[]) => unknown): void;
}
