import { ops } from '../ops.ts';
import { printable } from '../text.ts';
import { checkedAttach } from './attach.ts';
import { BpfError, finishNativeError } from './error.ts';
import { type IterateOptions, iterateProgram } from './iterate.ts';
import { programName } from './program_name.ts';
import { type RunOptions, type RunResult, runProgram } from './run.ts';
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
  /** Undefined where the kernel does not count. */
  stats: { runs: number; runTimeNs: number } | undefined;
}

let construct: (owner: Running, onStopped: () => void) => BpfControl;

/** A started object. Map handles are opened with it; `stop()` ends it. */
export class BpfControl {
  /** Identifier of the running instance. Map handles keep it to find their way. */
  readonly id: string;
  readonly #owner: Running;
  readonly #onStopped: () => void;
  #stopping: Promise<void> | undefined;
  /** The attaching or detaching before: calls that are not awaited take effect in call order. */
  #changes: Promise<unknown> = Promise.resolve();

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
    return ops.op_bpf_programs(this.#open().handle).map(({ name, section, type, id, attached, stats }) => ({
      name,
      section,
      type,
      id: id ?? undefined,
      // Native code makes objects without a prototype, which a console shows as such.
      attached: attached.map((place) => ({ ...place })),
      stats: stats === null ? undefined : { ...stats },
    }));
  }

  async attach(progName: string, spec?: object | null): Promise<void> {
    const owner = this.#open();
    const { program, how } = checkedAttach(progName, spec);
    if (how.lane === 'off' || how.lane === 'load') {
      const problem = `the spec of a running program says where to attach it; detach('${program}') detaches`;
      throw new BpfError('InvalidOpts', `attach('${program}', ...): ${problem}`, { program });
    }
    const warnings = await this.#change(() => ops.op_bpf_attach(owner.handle, program, how));
    for (const warning of warnings) console.warn(printable(warning));
  }

  async detach(progName: string): Promise<void> {
    const owner = this.#open();
    const program = programName(progName, 'detach(program)');
    await this.#change(() => ops.op_bpf_detach(owner.handle, program));
  }

  async run(progName: string, options?: RunOptions): Promise<RunResult> {
    return runProgram(this.#open(), programName(progName, 'run(program, options)'), options);
  }

  // biome-ignore lint/suspicious/noExplicitAny: text, bytes or a struct, as the options say; the public typings tell which
  iterate(progName: string, options?: IterateOptions): AsyncGenerator<any, void> {
    return iterateProgram(this.#owner, programName(progName, 'iterate(program, options)'), options);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  #open(): Running {
    if (!this.#owner.open) throw stopped(this.id);
    return this.#owner;
  }

  #change<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#changes.then(work).catch((error) => {
      throw finishNativeError(error);
    });
    this.#changes = result.catch(() => undefined);
    return result;
  }

  async #stop(): Promise<void> {
    const owner = this.#owner;
    owner.open = false;
    try {
      // What was called before stop() is applied first. Events that the kernel still holds are delivered while the object closes.
      await Promise.all([...owner.maps.map((map) => map.drained()), this.#changes]);
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
