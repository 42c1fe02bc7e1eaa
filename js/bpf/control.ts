import { ops } from '../ops.ts';
import { finishNativeError } from './error.ts';
import { Running, stopped, unregister } from './running.ts';

/** A program of a started object. */
export interface ProgramInfo {
  name: string;
  section: string;
  /** The kernel's name of the program's type. */
  type: string;
  /** The kernel's id; undefined for a program that was left out. */
  id: number | undefined;
  attached: { how: string; target: string }[];
}

let construct: (owner: Running, onStopped: () => void) => BpfControl;

/** A started object. Map handles are opened with it; `stop()` ends it. */
export class BpfControl {
  /** Identifier of the running instance. Map handles keep it to find their way. */
  readonly id: string;
  readonly #owner: Running;
  readonly #onStopped: () => void;
  #stopping: Promise<void> | undefined;

  private constructor(owner: Running, onStopped: () => void) {
    if (!(owner instanceof Running)) throw new TypeError('A BpfControl comes from start()');
    this.id = owner.id;
    this.#owner = owner;
    this.#onStopped = onStopped;
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  programs(): ProgramInfo[] {
    if (!this.#owner.open) throw stopped(this.id);
    return this.#owner.programs.map(({ id, attached, ...program }) => ({
      ...program,
      id: id ?? undefined,
      attached: attached.map((place) => ({ ...place })),
    }));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  async #stop(): Promise<void> {
    const owner = this.#owner;
    owner.open = false;
    try {
      // What was called before stop() is applied first. Events that the kernel still holds are delivered while the object closes.
      await Promise.all(owner.maps.map((map) => map.drained()));
      await ops.op_bpf_stop(owner.handle);
      await Promise.all([...owner.deliveries].map((delivery) => delivery.ended()));
    } catch (error) {
      throw finishNativeError(error);
    } finally {
      unregister(owner);
      this.#onStopped();
    }
  }

  static {
    construct = (owner, onStopped) => new BpfControl(owner, onStopped);
  }
}

/** Only `start()` makes controls. `onStopped` runs once the object is gone. */
export function newControl(owner: Running, onStopped: () => void): BpfControl {
  return construct(owner, onStopped);
}
