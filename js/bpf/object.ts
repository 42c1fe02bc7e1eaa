import type { AttachSpec } from '../attach/mod.ts';
import { ops } from '../ops.ts';
import { show } from '../text.ts';
import { checkedAttach } from './attach.ts';
import { type Bind, parseBind } from './bind.ts';
import type { BpfControl } from './control.ts';
import { BpfError } from './error.ts';
import { startObject } from './start.ts';

export interface BpfObjectInit {
  exe: string;
  base?: string;
}

/** A chainable builder for one compiled eBPF object. */
export class BpfObject {
  /** Absolute path of the object file. */
  readonly exe: string;
  readonly #binds = new Map<string, Bind>();
  readonly #attach = new Map<string, AttachSpec>();
  #state: 'idle' | 'starting' | 'started' = 'idle';

  constructor(init: BpfObjectInit) {
    this.exe = resolveExe(init);
  }

  bind(name: string, spec: { kind: string; [option: string]: unknown }): this {
    this.#requireIdle('bind');
    const bind = parseBind(name, spec);
    if (this.#binds.has(bind.name)) {
      throw new BpfError('InvalidOpts', `bind('${bind.name}', ...): map '${bind.name}' is bound already`, {
        map: bind.name,
      });
    }
    this.#binds.set(bind.name, bind);
    return this;
  }

  attach(progName: string, spec?: object | false | null): this {
    this.#requireIdle('attach');
    const parsed = checkedAttach(progName, spec);
    if (this.#attach.has(parsed.program)) {
      const { program } = parsed;
      throw new BpfError('InvalidOpts', `attach('${program}', ...): program '${program}' is declared already`, {
        program,
      });
    }
    this.#attach.set(parsed.program, parsed);
    return this;
  }

  async start(): Promise<BpfControl> {
    this.#requireIdle('start');
    this.#state = 'starting';
    try {
      const control = await startObject(this.exe, [...this.#binds.values()], [...this.#attach.values()], () => {
        this.#state = 'idle';
      });
      this.#state = 'started';
      return control;
    } catch (error) {
      this.#state = 'idle';
      throw error;
    }
  }

  #requireIdle(method: string): void {
    if (this.#state === 'idle') return;
    throw new BpfError(
      'InvalidOpts',
      `${method}(): ${this.exe} is ${this.#state}; stop() its control first, or make a second new BpfObject({ exe })`,
      {
        path: this.exe,
      },
    );
  }
}

function resolveExe(init: unknown): string {
  const { exe, base } = (typeof init === 'object' && init !== null ? init : {}) as Partial<
    Record<'exe' | 'base', unknown>
  >;
  if (typeof exe !== 'string' || exe === '') {
    throw new BpfError(
      'InvalidOpts',
      `new BpfObject({ exe, base? }): exe is ${show(exe)}, but must be the path of a .bpf.o file`,
    );
  }
  if (base !== undefined && typeof base !== 'string') {
    throw new BpfError(
      'InvalidOpts',
      `new BpfObject({ exe, base? }): base is ${show(base)}, but must be the path of a folder`,
    );
  }
  return ops.op_bpf_resolve(exe, base ?? '');
}
