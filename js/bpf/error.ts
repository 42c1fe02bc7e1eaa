import type { Core } from '../ops.ts';
import { printable } from '../text.ts';

/** The kinds of failure; scripts match on them. Same words as `Kind` in `crates/yeet-bpf/src/error.rs`. */
export const KINDS = [
  'NotFound',
  'E2BIG',
  'InvalidMapKind',
  'InvalidOpts',
  'InvalidValue',
  'Unbound',
  'KindMismatch',
  'VerifierRejected',
  'AttachFailed',
  'PermissionDenied',
  'Unsupported',
  'InvalidObject',
  'Lagged',
  'Stopped',
  'Io',
] as const;

export type BpfErrorKind = (typeof KINDS)[number];

/** The facts beside the sentence; each is absent where it does not apply. */
export interface BpfErrorFacts {
  errno?: string;
  program?: string;
  map?: string;
  path?: string;
  applied?: number;
  missed?: number;
  log?: string;
}

/** Every failure of `yeet:bpf`. */
export class BpfError extends Error {
  declare readonly name: BpfErrorKind;
  declare readonly code: BpfErrorKind;
  declare readonly errno?: string;
  declare readonly program?: string;
  declare readonly map?: string;
  declare readonly path?: string;
  declare readonly applied?: number;
  declare readonly missed?: number;
  declare readonly log?: string;

  constructor(kind: BpfErrorKind, message: string, facts: BpfErrorFacts = {}) {
    // Names in it come from scripts and objects, and whoever prints it must not be at their mercy.
    super(printable(message));
    // Own and not enumerable, as `message` and `stack` are: the heading of a printed error already shows it.
    Object.defineProperty(this, 'name', { value: kind, writable: true, configurable: true, enumerable: false });
    (this as { code: BpfErrorKind }).code = kind;
    Object.assign(this, facts);
  }
}

/**
 * Teaches native code to build a BpfError. An op names the kind as its error class; the constructor given here returns the real thing and
 * shares its prototype, since a synchronous op re-parents a plain Error instead of calling the constructor.
 */
export function registerErrors(core: Core): void {
  for (const kind of KINDS) core.registerErrorClass(kind, classOf(kind));
}

function classOf(kind: BpfErrorKind): new (message: string) => BpfError {
  // Called with `new`; what it returns is what `new` gives.
  function build(message: string): BpfError {
    return new BpfError(kind, message);
  }
  build.prototype = BpfError.prototype;
  return build as unknown as new (
    message: string,
  ) => BpfError;
}

/** V8's own; the language does not have it. */
const { captureStackTrace } = Error as unknown as { captureStackTrace(error: Error, below: unknown): void };

/**
 * Completes an error that came out of an asynchronous op: it has no JavaScript frame of its own, and a verifier log of thousands of lines
 * must not be printed with the object.
 */
export function finishNativeError(error: unknown): unknown {
  if (error instanceof BpfError) {
    captureStackTrace(error, finishNativeError);
    if (error.log !== undefined) Object.defineProperty(error, 'log', { enumerable: false });
  }
  return error;
}
