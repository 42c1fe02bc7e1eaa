import type { OpenedObject, Ops, ProgramState } from '../../js/ops.ts';

type MakeError = (kind: 'InvalidOpts', message: string) => Error;

/** The programs of one object of the fake kernel. */
export class FakePrograms {
  /** What iterators give, by program. */
  static readonly written = new Map<string, readonly Uint8Array[]>();
  /** What the last run was given. */
  static ran: Parameters<Ops['op_bpf_run']>[2] | undefined;
  readonly #states: ProgramState[];
  readonly #error: MakeError;

  constructor(programs: OpenedObject['programs'], error: MakeError) {
    this.#error = error;
    this.#states = programs.map(({ name, section }) => ({
      name,
      section,
      type: 'tracepoint',
      id: 7,
      attached: [{ how: 'perf_event', target: section }],
      stats: null,
    }));
  }

  states(): readonly ProgramState[] {
    return this.#states;
  }

  attach(name: string, target: string): readonly string[] {
    this.#change(name, (state) => [...state.attached, { how: 'fake', target }]);
    return target === '/warn' ? ['a warning'] : [];
  }

  detach(name: string): void {
    this.#change(name, () => []);
  }

  /** Gives back what came in, the bytes of `ctx` each one higher. */
  run(name: string, spec: Parameters<Ops['op_bpf_run']>[2]): Awaited<ReturnType<Ops['op_bpf_run']>> {
    this.#index(name);
    FakePrograms.ran = spec;
    return { returnValue: -1, durationNs: 12, data: spec.data, ctx: spec.ctx?.map((byte) => byte + 1) ?? null };
  }

  chunks(name: string): Uint8Array[] {
    this.#index(name);
    return [...(FakePrograms.written.get(name) ?? [])];
  }

  #change(name: string, attached: (state: ProgramState) => ProgramState['attached']): void {
    const index = this.#index(name);
    const state = this.#states[index] as ProgramState;
    this.#states[index] = { ...state, attached: attached(state) };
  }

  #index(name: string): number {
    const index = this.#states.findIndex((state) => state.name === name);
    if (index === -1) throw this.#error('InvalidOpts', `the object has no program '${name}'`);
    return index;
  }
}
