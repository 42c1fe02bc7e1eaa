import type { BpfControl } from '../control.ts';
import { type Running, resolve } from '../running.ts';
import type { LiveMap } from './live_map.ts';

/** A resolved handle. */
export interface Opened {
  readonly owner: Running;
  readonly map: LiveMap;
}

/**
 * The live map behind a handle. Resolved by the first call and kept; every call checks that the object still runs.
 *
 * Functions of this module rather than methods: what a script sees on a handle is the specification and nothing else.
 */
export let openHandle: (handle: MapHandle) => Opened;

/** `openHandle(handle).map`, for the many that need nothing else. */
export let openMap: (handle: MapHandle) => LiveMap;

/** What all map handles have in common: they record the control's id and the name, and validate nothing. */
export abstract class MapHandle {
  readonly #id: unknown;
  readonly #name: unknown;
  readonly #className: string;
  #opened: Opened | undefined;

  constructor(className: string, control: BpfControl, name: string) {
    this.#id = (control as { id?: unknown } | null | undefined)?.id;
    this.#name = name;
    this.#className = className;
  }

  static {
    openHandle = (handle) => {
      const opened = handle.#opened;
      if (opened?.owner.open === true) return opened;
      const found = resolve(handle.#id, handle.#name, handle.#className);
      handle.#opened = found;
      return found;
    };
    openMap = (handle) => openHandle(handle).map;
  }
}
