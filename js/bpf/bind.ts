import { didYouMean } from '../btf/mod.ts';
import { list, named, show } from '../text.ts';
import { BpfError } from './error.ts';
import { BIND_KINDS, type BindKind, bindKind } from './kinds.ts';

/** Records that a subscription keeps for a slow callback unless `capacity` says otherwise. */
export const DEFAULT_CAPACITY = 8192;
/** Bytes that it keeps at most. */
export const DEFAULT_BYTE_CAP = 16 * 1024 * 1024;

const MAX_CAPACITY = 1 << 24;
const MAX_BYTE_CAP = 1 << 30;

/** What one `bind()` call declared, checked. */
export interface Bind {
  readonly name: string;
  readonly kind: BindKind;
  readonly btfStruct: string | undefined;
  readonly capacity: number;
  readonly byteCap: number;
  readonly init: Readonly<Record<string, unknown>> | undefined;
  readonly freeze: boolean;
}

/** Checks the arguments of `bind(name, spec)`. Throws InvalidOpts; an unknown option only warns, since options pass through. */
export function parseBind(name: unknown, spec: unknown): Bind {
  if (typeof name !== 'string' || name === '') {
    throw new BpfError(
      'InvalidOpts',
      `bind(name, spec): name is ${show(name)}, but must be the name of a map in the object`,
    );
  }
  const call = `bind(${named(name)}, ...)`;
  if (typeof spec !== 'object' || spec === null) {
    throw new BpfError(
      'InvalidOpts',
      `${call}: the second argument is ${show(spec)}, but must be an object such as { kind: 'hashmap' }`,
      {
        map: name,
      },
    );
  }
  const options = spec as Record<string, unknown>;
  const kind = parseKind(call, name, options.kind);
  warnUnknown(call, kind, options);

  const fail = (option: string, value: unknown, accepted: string): never => {
    throw new BpfError('InvalidOpts', `${call}: ${option} is ${show(value)}, but must be ${accepted}`, { map: name });
  };
  const known = (option: string): unknown => (kind.options.includes(option) ? options[option] : undefined);
  const integer = (option: string, fallback: number, max: number): number => {
    const value = known(option);
    if (value === undefined) return fallback;
    if (typeof value !== 'number' || !Number.isInteger(value) || value < 1 || value > max) {
      return fail(option, value, `a whole number from 1 to ${max}`);
    }
    return value;
  };

  const btfStruct = known('btf_struct') ?? undefined;
  if (btfStruct !== undefined && (typeof btfStruct !== 'string' || btfStruct === '')) {
    fail('btf_struct', btfStruct, "the name of a struct in the object's BTF");
  }
  const init = known('init') ?? undefined;
  if (init !== undefined && (typeof init !== 'object' || Array.isArray(init))) {
    fail('init', init, 'an object of global names and values');
  }
  const freeze = known('freeze') ?? false;
  if (typeof freeze !== 'boolean') fail('freeze', freeze, 'true or false');

  return {
    name,
    kind,
    btfStruct: btfStruct as string | undefined,
    capacity: integer('capacity', DEFAULT_CAPACITY, MAX_CAPACITY),
    byteCap: integer('byteCap', DEFAULT_BYTE_CAP, MAX_BYTE_CAP),
    // A shallow copy, so that a later change of the caller's object does not change what start() writes.
    init: init === undefined ? undefined : { ...(init as Record<string, unknown>) },
    freeze: freeze as boolean,
  };
}

function parseKind(call: string, map: string, value: unknown): BindKind {
  const found = typeof value === 'string' ? bindKind(value) : undefined;
  if (found !== undefined) return found;
  const spellings = BIND_KINDS.flatMap((entry) => entry.spellings);
  const hint = typeof value === 'string' ? didYouMean(value.replaceAll('-', '_'), spellings) : '';
  const said = value === undefined ? 'kind is missing' : `kind is ${show(value)}`;
  const names = BIND_KINDS.map((entry) => `'${entry.name}'`).join(', ');
  throw new BpfError('InvalidOpts', `${call}: ${said}${hint} (the kinds are ${names})`, { map });
}

function warnUnknown(call: string, kind: BindKind, options: Record<string, unknown>): void {
  const unknown = Object.keys(options).filter(
    (option) => option !== 'kind' && options[option] !== undefined && !kind.options.includes(option),
  );
  if (unknown.length === 0) return;
  const known = kind.options.length === 0 ? 'takes no options' : `knows ${list(kind.options)}`;
  console.warn(`${call}: ignoring ${list(unknown)}: kind '${kind.name}' ${known}`);
}
