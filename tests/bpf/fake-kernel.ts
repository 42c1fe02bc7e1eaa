import { setImmediate as nextTurn } from 'node:timers/promises';
import { type BpfErrorFacts, type BpfErrorKind, registerErrors } from '../../js/bpf/error.ts';
import { type Core, type MapDecl, type MapState, type OpenedObject, type Ops, refreshOps } from '../../js/ops.ts';
import { FakeMap } from './fake-map.ts';
import { FakePrograms } from './fake-programs.ts';
import { FakeRing } from './fake-ring.ts';

/** An object file as the fake knows it: what `op_bpf_open` says about it. */
export interface FakeObject {
  readonly btf: Uint8Array;
  readonly maps: readonly MapDecl[];
  readonly programs?: OpenedObject['programs'];
  /** Makes `op_bpf_start` fail. */
  readonly startError?: Error;
}

/** Possible CPUs of the fake machine. */
export const CPUS = 4;

/**
 * The ops in memory, for tests of the classes above them: same signatures, same errors, same moments at which promises resolve. What the
 * kernel itself does is tested where there is one.
 */
export class FakeKernel implements Core {
  readonly files = new Map<string, FakeObject>();
  readonly maps = new Map<number, FakeMap>();
  readonly rings = new Map<string, FakeRing>();
  readonly unreferenced: Promise<unknown>[] = [];
  /** Names of the ops in the order in which they took effect. */
  readonly log: string[] = [];
  readonly ops: Ops;
  /** The spec of the last `op_bpf_start`. */
  started: Parameters<Ops['op_bpf_start']>[1] | undefined;
  readonly #opened = new Map<number, FakeObject>();
  readonly #objects = new Map<number, { maps: number[]; rings: FakeRing[]; programs: FakePrograms }>();
  readonly #readings = new Map<number, Uint8Array[]>();
  readonly #walks = new Map<number, { map: FakeMap; at: number; size: number; keys: Uint8Array[] }>();
  readonly #subscriptions = new Map<number, ReturnType<FakeRing['subscribe']>>();
  readonly #classes = new Map<string, new (message: string) => Error>();
  #next = 1;

  constructor() {
    this.ops = this.#makeOps();
  }

  /** Makes this the machine that the classes run on. */
  install(): this {
    registerErrors(this);
    refreshOps(this);
    return this;
  }

  unrefOpPromise(promise: Promise<unknown>): void {
    this.unreferenced.push(promise);
  }

  loadExtScript(): void {
    this.log.push('fast');
  }

  registerErrorClass(name: string, errorClass: new (message: string) => Error): void {
    this.#classes.set(name, errorClass);
  }

  error(kind: BpfErrorKind, message: string, facts: BpfErrorFacts = {}): Error {
    const errorClass = this.#classes.get(kind);
    if (errorClass === undefined) throw new Error(`no error class ${kind}`);
    return Object.assign(new errorClass(message), facts);
  }

  map(name: string): FakeMap {
    const found = [...this.maps.values()].find((map) => map.state.name === name);
    if (found === undefined) throw new Error(`no live map ${name}`);
    return found;
  }

  /** How much is open: for tests that nothing is left. */
  get live(): Record<'opened' | 'objects' | 'maps' | 'walks' | 'readings' | 'subscriptions', number> {
    return {
      opened: this.#opened.size,
      objects: this.#objects.size,
      maps: this.maps.size,
      walks: this.#walks.size,
      readings: this.#readings.size,
      subscriptions: this.#subscriptions.size,
    };
  }

  #makeOps(): Ops {
    const map = (handle: number): FakeMap => {
      const found = this.maps.get(handle);
      if (found === undefined) throw this.error('Stopped', 'the map is gone');
      return found;
    };
    const programs = (object: number): FakePrograms => {
      const found = this.#objects.get(object)?.programs;
      if (found === undefined) throw this.error('Stopped', 'the program is gone');
      return found;
    };
    const sync = <T>(name: string, work: () => T): T => {
      this.log.push(name);
      return work();
    };
    // A worker thread: the work happens and the promise resolves in a later turn of the event loop.
    const worker = async <T>(name: string, work: () => T): Promise<T> => {
      await nextTurn();
      return sync(name, work);
    };
    return {
      op_bpf_resolve: (exe, base) => (exe.startsWith('/') ? exe : `${base || '/cwd'}/${exe}`),
      op_bpf_open: (path) =>
        worker('open', () => {
          const file = this.files.get(path);
          if (file === undefined) throw this.error('NotFound', `${path}: no such file`, { path });
          const handle = this.#next++;
          this.#opened.set(handle, file);
          return { handle, btf: file.btf, maps: file.maps, programs: file.programs ?? [] };
        }),
      op_bpf_discard: (opened) => void this.#opened.delete(opened),
      op_bpf_start: (opened, spec) =>
        worker('start', () => {
          const file = this.#opened.get(opened) as FakeObject;
          this.#opened.delete(opened);
          this.started = spec;
          if (file.startError !== undefined) throw file.startError;
          return this.#start(file, spec);
        }),
      op_bpf_stop: (object) =>
        worker('stop', () => {
          const running = this.#objects.get(object);
          for (const handle of running?.maps ?? []) this.maps.delete(handle);
          for (const ring of running?.rings ?? []) ring.end();
          this.#objects.delete(object);
          this.#walks.clear();
          this.#readings.clear();
        }),
      op_bpf_programs: (object) => programs(object).states(),
      op_bpf_attach: (object, program, how) =>
        worker('attach', () => programs(object).attach(program, how.lane === 'cgroup' ? how.path : how.lane)),
      op_bpf_detach: (object, program) => worker('detach', () => programs(object).detach(program)),
      op_bpf_run: (object, program, spec) => worker('run', () => programs(object).run(program, spec)),
      op_bpf_iter_open: (object, program) => {
        const reading = this.#next++;
        this.#readings.set(reading, programs(object).chunks(program));
        return reading;
      },
      op_bpf_iter_next: (reading) =>
        worker('iterNext', () => {
          const chunks = this.#readings.get(reading);
          if (chunks === undefined) throw this.error('Stopped', 'the iteration is over');
          return chunks.shift() ?? new Uint8Array(0);
        }),
      op_bpf_iter_close: (reading) => void this.#readings.delete(reading),
      op_bpf_map_lookup: (handle, key, value) => sync('lookup', () => map(handle).lookup(key, value)),
      op_bpf_map_update: (handle, key, value) => sync('update', () => map(handle).update(key, value)),
      op_bpf_map_delete: (handle, key) => sync('delete', () => map(handle).delete(key)),
      op_bpf_map_update_batch: (handle, keys, values, count) =>
        sync('updateBatch', () => map(handle).updateBatch(keys, values, count)),
      op_bpf_map_update_batch_async: (handle, keys, values, count) =>
        worker('updateBatchAsync', () => map(handle).updateBatch(keys, values, count)),
      op_bpf_map_delete_batch: (handle, keys, count) => sync('deleteBatch', () => map(handle).deleteBatch(keys, count)),
      op_bpf_map_delete_batch_async: (handle, keys, count) =>
        worker('deleteBatchAsync', () => map(handle).deleteBatch(keys, count)),
      op_bpf_map_lookup_batch: (handle, count) =>
        worker('lookupBatch', () => map(handle).page(0, count || 0xffff_ffff).bytes),
      op_bpf_map_drain_batch: (handle, count) => worker('drainBatch', () => map(handle).drain(count || 0xffff_ffff)),
      op_bpf_map_clear: (handle) => worker('clear', () => map(handle).clear()),
      op_bpf_scan_open: (handle, batchSize) => {
        const walk = this.#next++;
        this.#walks.set(walk, { map: map(handle), at: 0, size: batchSize || 3, keys: map(handle).keys() });
        return walk;
      },
      op_bpf_scan_next: (scan) =>
        worker('scanNext', () => {
          const walk = this.#walks.get(scan);
          if (walk === undefined) throw this.error('Stopped', 'the walk is over');
          const page = walk.map.pageOf(walk.keys.slice(walk.at, walk.at + walk.size));
          walk.at += walk.size;
          return page;
        }),
      op_bpf_scan_close: (scan) => void this.#walks.delete(scan),
      op_bpf_bloom_insert: (handle, value) => sync('insert', () => map(handle).update(value, new Uint8Array(0))),
      op_bpf_bloom_contains: (handle, value) => sync('contains', () => map(handle).lookup(value, new Uint8Array(0))),
      op_bpf_queue_push: (handle, value) => sync('push', () => map(handle).push(value)),
      op_bpf_queue_pop: (handle, value) => sync('pop', () => map(handle).take(value, true)),
      op_bpf_queue_peek: (handle, value) => sync('peek', () => map(handle).take(value, false)),
      op_bpf_section_read: (handle, out) => sync('sectionRead', () => out.set(map(handle).image)),
      op_bpf_section_store: (handle, stores) => sync('sectionStore', () => map(handle).store(stores)),
      op_bpf_ring_subscribe: (handle, capacity) => {
        const subscription = this.#next++;
        const ring = this.rings.get(map(handle).state.name) as FakeRing;
        this.#subscriptions.set(subscription, ring.subscribe(capacity));
        return subscription;
      },
      op_bpf_ring_next: (subscription) => {
        const queue = this.#subscriptions.get(subscription);
        return queue === undefined ? Promise.resolve(new ArrayBuffer(0)) : queue.next();
      },
      op_bpf_ring_stats: (subscription) => {
        const queue = this.#subscriptions.get(subscription);
        if (queue === undefined) throw this.error('Stopped', 'the subscription is closed');
        return queue.stats();
      },
      op_bpf_ring_close: (subscription) => {
        this.#subscriptions.get(subscription)?.close();
        this.#subscriptions.delete(subscription);
      },
    };
  }

  #start(file: FakeObject, spec: Parameters<Ops['op_bpf_start']>[1]): Awaited<ReturnType<Ops['op_bpf_start']>> {
    const maps: MapState[] = [];
    const rings: FakeRing[] = [];
    for (const name of spec.maps) {
      const decl = file.maps.find((candidate) => candidate.name === name) as MapDecl;
      const cpus = decl.mapType.includes('percpu') ? CPUS : 0;
      const state = { ...decl, handle: this.#next++, flags: 0, cpus };
      maps.push(state);
      this.maps.set(state.handle, new FakeMap(state, (kind, message, facts) => this.error(kind, message, facts)));
      if (!spec.rings.some((ring) => ring.map === name)) continue;
      const ring = new FakeRing();
      rings.push(ring);
      this.rings.set(name, ring);
    }
    for (const { map, init } of spec.sections) {
      const section = this.map(map);
      for (const { offset, bytes } of init) section.image.set(bytes, offset);
    }
    const handle = this.#next++;
    const programs = new FakePrograms(file.programs ?? [], (kind, message) => this.error(kind, message));
    this.#objects.set(handle, { maps: maps.map((state) => state.handle), rings, programs });
    return { handle, maps, warnings: [] };
  }
}
