import { Session } from 'node:inspector/promises';

/** Which blocks of the code under test have run, asked of V8 itself. */
export class Coverage {
  readonly #session = new Session();
  readonly #known = new Set<string>();
  readonly #path: RegExp;

  /** Of scripts whose URL matches `path` alone. */
  constructor(path: RegExp) {
    this.#path = path;
  }

  async start(): Promise<void> {
    this.#session.connect();
    await this.#session.post('Profiler.enable');
    await this.#session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  }

  /** The blocks that have run since this was last called and were not {@link learn learnt}. */
  async take(): Promise<string[]> {
    const { result } = await this.#session.post('Profiler.takePreciseCoverage');
    const found: string[] = [];
    for (const script of result) {
      if (!this.#path.test(script.url)) continue;
      for (const { ranges } of script.functions) {
        for (const { startOffset, endOffset, count } of ranges) {
          const block = `${script.url}:${startOffset}-${endOffset}`;
          if (count > 0 && !this.#known.has(block)) found.push(block);
        }
      }
    }
    return found;
  }

  learn(blocks: readonly string[]): void {
    for (const block of blocks) this.#known.add(block);
  }

  get size(): number {
    return this.#known.size;
  }
}
