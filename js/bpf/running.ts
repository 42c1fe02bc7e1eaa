import { type Btf, didYouMean } from '../btf/mod.ts';
import type { MapDecl } from '../ops.ts';
import { list, named, show } from '../text.ts';
import type { Bind } from './bind.ts';
import { BpfError } from './error.ts';
import { kindForMapType, kindMismatch } from './kinds.ts';
import type { LiveMap } from './maps/live_map.ts';

/** A delivery of events that the object feeds. */
export interface Delivery {
  /** Resolves when the last record has been handed to the callback. */
  ended(): Promise<void>;
}

/** A started object as map handles see it. */
export class Running {
  readonly id: string;
  readonly handle: number;
  readonly path: string;
  readonly btf: Btf;
  readonly decls: readonly MapDecl[];
  readonly binds: readonly Bind[];
  readonly maps: readonly LiveMap[];
  readonly #byName = new Map<string, LiveMap>();
  readonly deliveries: Set<Delivery> = new Set();
  /** False from the moment that `stop()` is called: no new call is taken. */
  open = true;

  constructor(
    identity: { id: string; handle: number; path: string },
    btf: Btf,
    decls: readonly MapDecl[],
    binds: readonly Bind[],
    maps: readonly LiveMap[],
  ) {
    this.id = identity.id;
    this.handle = identity.handle;
    this.path = identity.path;
    this.btf = btf;
    this.decls = decls;
    this.binds = binds;
    this.maps = maps;
    for (const map of maps) for (const name of [map.bind.name, ...spellings(map.decl)]) this.#byName.set(name, map);
  }

  /** The bound map that goes by this name. */
  map(name: string): LiveMap | undefined {
    return this.#byName.get(name);
  }
}

const running = new Map<string, Running>();
let issued = 0;

/** A new instance name: the object's name up to its first dot, and a number that is never used twice. */
export function issueId(path: string): string {
  const file = path.slice(path.lastIndexOf('/') + 1);
  issued += 1;
  return `${file.split('.', 1)[0] || 'object'}-${issued}`;
}

/** For the rehearsal alone, whose object no script shall notice. */
export function forgetIds(): void {
  issued = 0;
}

export function register(object: Running): void {
  running.set(object.id, object);
}

export function unregister(object: Running): void {
  running.delete(object.id);
}

/** Finds what a handle names. Checks in this order: Stopped, Unbound, InvalidMapKind. */
export function resolve(id: unknown, name: unknown, className: string): { owner: Running; map: LiveMap } {
  const owner = ownerOf(id, className);
  const map = mapOf(owner, name, className);
  const mismatch = kindMismatch(map, className);
  if (mismatch !== undefined) throw mismatch;
  return { owner, map };
}

function ownerOf(id: unknown, className: string): Running {
  const found = typeof id === 'string' ? running.get(id) : undefined;
  if (found?.open === true) return found;
  if (found === undefined && !wasIssued(id)) {
    throw new BpfError(
      'InvalidOpts',
      `new ${className}(control, name): control must be the BpfControl that start() resolved to`,
    );
  }
  throw stopped(String(id));
}

export function stopped(id: string): BpfError {
  return new BpfError(
    'Stopped',
    `object '${id}' is stopped; start() it again and open new handles from the new control`,
  );
}

/** Whether an object that is gone by now had this name. Asked so that no list of stopped objects grows for ever. */
function wasIssued(id: unknown): boolean {
  if (typeof id !== 'string') return false;
  const number = Number(id.slice(id.lastIndexOf('-') + 1));
  return Number.isInteger(number) && number >= 1 && number <= issued;
}

/** The names that a map goes by: its ELF name, and for a data section the kernel's name too. */
export function spellings({ name, section, kernelName }: MapDecl): readonly string[] {
  return section === null ? [name] : [name, section, kernelName];
}

function mapOf(owner: Running, name: unknown, className: string): LiveMap {
  if (typeof name !== 'string') {
    throw new BpfError(
      'InvalidOpts',
      `new ${className}(control, name): name is ${show(name)}, but must be the name of a bound map`,
    );
  }
  const live = owner.map(name);
  if (live !== undefined) return live;
  const declared = owner.decls.map((decl) => decl.name);
  const decl = owner.decls.find((candidate) => spellings(candidate).includes(name));
  if (owner.binds.some((bind) => bind.name === name)) {
    throw new BpfError(
      'NotFound',
      `map ${named(name)} is bound, but ${owner.path} has no such map; it has ${list(declared) || 'none'}`,
      {
        map: name,
        path: owner.path,
      },
    );
  }
  if (decl !== undefined) {
    const spelling = kindForMapType(decl.mapType, decl.section !== null)?.name ?? 'raw';
    throw new BpfError(
      'Unbound',
      `map '${name}' is not bound; add .bind('${name}', { kind: '${spelling}' }) before start()`,
      { map: name },
    );
  }
  const hint = didYouMean(name, declared);
  const bound = owner.binds.map((bind) => bind.name);
  throw new BpfError(
    'Unbound',
    `map ${named(name)} is not bound${hint} (bound: ${list(bound) || 'none'}; in the object: ${list(declared) || 'none'})`,
    {
      map: name,
    },
  );
}
