import type { AttachSpec } from '../attach/mod.ts';
import { Btf, BtfError, didYouMean, sectionCodec, ValueError } from '../btf/mod.ts';
import { type MapDecl, type OpenedObject, ops, type SectionSpec, type StartSpec, useFastOps } from '../ops.ts';
import { list, named, printable } from '../text.ts';
import type { Bind } from './bind.ts';
import { type BpfControl, newControl } from './control.ts';
import { BpfError, finishNativeError } from './error.ts';
import { LiveMap } from './maps/live_map.ts';
import { noSuchStruct } from './no_such_struct.ts';
import { issueId, Running, register, spellings } from './running.ts';

/**
 * Opens the file, checks what the script declared against it, then loads and attaches on a blocking thread: timers and signals stay alive
 * during the verifier's work.
 */
export async function startObject(
  path: string,
  binds: readonly Bind[],
  attach: readonly AttachSpec[],
  onStopped: () => void,
): Promise<BpfControl> {
  useFastOps();
  const opened = await ops.op_bpf_open(path).catch(rethrow);
  let plan: Plan;
  try {
    plan = makePlan(path, opened, binds, attach);
  } catch (error) {
    ops.op_bpf_discard(opened.handle);
    throw error;
  }
  const started = await ops.op_bpf_start(opened.handle, plan.spec).catch(rethrow);
  for (const warning of started.warnings) console.warn(printable(warning));
  const bound = new Map(plan.bound.map((entry) => [entry.decl.name, entry]));
  const maps = started.maps.map((state) => {
    const { decl, bind } = bound.get(state.name) as Bound;
    return new LiveMap(state, decl, bind, plan.btf);
  });
  const identity = { id: issueId(path), handle: started.handle, path };
  const owner = new Running(identity, plan.btf, opened.maps, binds, maps);
  register(owner);
  return newControl(owner, onStopped);
}

function rethrow(error: unknown): never {
  throw finishNativeError(error);
}

/** A `bind()` whose map the object has. */
interface Bound {
  readonly decl: MapDecl;
  readonly bind: Bind;
}

interface Plan {
  readonly btf: Btf;
  readonly bound: readonly Bound[];
  readonly spec: StartSpec;
}

function makePlan(path: string, opened: OpenedObject, binds: readonly Bind[], attach: readonly AttachSpec[]): Plan {
  const btf = parseBtf(path, opened.btf);
  const bound = matchBinds(path, opened.maps, binds);
  for (const { bind } of bound) requireStruct(path, btf, bind);
  requirePrograms(path, opened, attach);
  const spec: StartSpec = {
    sections: bound.filter(isSection).map((entry) => sectionSpec(btf, entry)),
    attach,
    maps: bound.map(({ decl }) => decl.name),
    rings: bound
      .filter(({ decl, bind }) => isEventBuffer(decl) && bind.kind.mapTypes.includes(decl.mapType))
      .map(({ decl, bind }) => ({ map: decl.name, capacity: bind.capacity, byteCap: bind.byteCap })),
  };
  return { btf, bound, spec };
}

function parseBtf(path: string, bytes: Uint8Array): Btf {
  try {
    return Btf.parse(bytes);
  } catch (error) {
    if (!(error instanceof BtfError)) throw error;
    throw new BpfError(
      'InvalidObject',
      `${path}: its BTF cannot be read: ${error.message}; rebuild it with clang -g -target bpf`,
      { path },
    );
  }
}

function isSection({ decl, bind }: Bound): boolean {
  return decl.section !== null && bind.kind.name === 'data';
}

function isEventBuffer(decl: MapDecl): boolean {
  return decl.mapType === 'ringbuf' || decl.mapType === 'perf_event_array';
}

/** Pairs each bind with its map. A name that the object does not have is a warning: its handle rejects when it is used. */
function matchBinds(path: string, decls: readonly MapDecl[], binds: readonly Bind[]): Bound[] {
  const byName = new Map(decls.flatMap((decl) => spellings(decl).map((name) => [name, decl] as const)));
  const bound = new Map<MapDecl, Bound>();
  for (const bind of binds) {
    const decl = byName.get(bind.name);
    if (decl === undefined) {
      const declared = decls.map((candidate) => candidate.name);
      const hint = didYouMean(bind.name, declared);
      console.warn(
        printable(
          `bind(${named(bind.name)}, ...): ${path} has no such map${hint} (it has ${list(declared) || 'none'})`,
        ),
      );
      continue;
    }
    const twin = bound.get(decl);
    if (twin !== undefined) {
      throw new BpfError('InvalidOpts', `'${twin.bind.name}' and '${bind.name}' name the same section; bind it once`, {
        map: decl.name,
        path,
      });
    }
    bound.set(decl, { decl, bind });
  }
  return [...bound.values()];
}

function requireStruct(path: string, btf: Btf, { name, btfStruct }: Bind): void {
  if (btfStruct === undefined || btf.findStruct(btfStruct) !== undefined) return;
  throw new BpfError('InvalidOpts', `bind(${named(name)}, ...): ${noSuchStruct(path, btf, btfStruct)}`, {
    map: name,
    path,
  });
}

function requirePrograms(path: string, { programs }: OpenedObject, attach: readonly AttachSpec[]): void {
  const existing = programs.map((program) => program.name);
  for (const { program } of attach) {
    if (existing.includes(program)) continue;
    const hint = didYouMean(program, existing);
    throw new BpfError(
      'InvalidOpts',
      `attach(${named(program)}, ...): ${path} has no such program${hint} (it has ${list(existing) || 'none'})`,
      {
        program,
        path,
      },
    );
  }
}

/** Lowers `init` before anything is loaded: one bad value and nothing starts. */
function sectionSpec(btf: Btf, { decl, bind }: Bound): SectionSpec {
  if (bind.init === undefined) return { map: decl.name, init: [], freeze: bind.freeze };
  const section = btf.section(decl.section as string);
  const fail = (problem: string): never => {
    throw new BpfError('InvalidValue', `bind('${bind.name}', { init }): ${problem}`, { map: decl.name });
  };
  if (section === undefined) return fail('the BTF describes no global of this section');
  const codec = sectionCodec(btf, section);
  for (const name of Object.keys(bind.init)) {
    if (!codec.has(name))
      fail(`no global ${named(name)}; the section has ${list(section.vars.map((variable) => variable.name))}`);
  }
  try {
    const stores = codec.lower(undefined, bind.init);
    return {
      map: decl.name,
      init: stores.map(({ offset, bytes, mask }) => ({ offset, bytes, mask: mask ?? null })),
      freeze: bind.freeze,
    };
  } catch (error) {
    if (error instanceof ValueError) return fail(error.message);
    throw error;
  }
}
