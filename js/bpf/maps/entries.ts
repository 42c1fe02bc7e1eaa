import { ops } from '../../ops.ts';
import { show } from '../../text.ts';
import { BpfError } from '../error.ts';
import { inBackground } from './batch.ts';
import { parseCount } from './lift.ts';
import type { LiveMap } from './live_map.ts';
import { type MapHandle, openHandle } from './map_handle.ts';
import { Page } from './page.ts';

export interface EntriesOptions {
  batchSize?: number;
}

type Pick<T> = (page: Page, index: number) => T;

const pickEntry: Pick<[unknown, unknown]> = (page, index) => [page.key(index), page.value(index)];
const pickKey: Pick<unknown> = (page, index) => page.key(index);
const pickValue: Pick<unknown> = (page, index) => page.value(index);

export function entries(handle: MapHandle, options: unknown): PageIterator<[unknown, unknown]> {
  return new PageIterator(handle, options, 'entries', pickEntry);
}

export function keys(handle: MapHandle, options: unknown): PageIterator<unknown> {
  return new PageIterator(handle, options, 'keys', pickKey);
}

export function values(handle: MapHandle, options: unknown): PageIterator<unknown> {
  return new PageIterator(handle, options, 'values', pickValue);
}

/** A walk that its iterator lost without ending it still has a cursor in native code. */
const abandoned = new FinalizationRegistry<number>((scan) => ops.op_bpf_scan_close(scan));

/**
 * An asynchronous walk. Pages come from a worker thread, the next one while this one is read; between two pages `next()` resolves from the
 * page at hand. Opening problems reject the first `next()`, as every other first call rejects.
 */
export class PageIterator<T> implements AsyncIterableIterator<T> {
  readonly #handle: MapHandle;
  readonly #options: unknown;
  readonly #method: string;
  readonly #pick: Pick<T>;
  #scan: number | undefined;
  #page: Page | undefined;
  /** The page after this one, on its way while this one is read. */
  #ahead: Promise<Uint8Array> | undefined;
  #index = 0;
  #done = false;
  /** The call before this one, while it waits for a page: calls that are not awaited get entries in call order. */
  #pending: Promise<unknown> | undefined;

  constructor(handle: MapHandle, options: unknown, method: string, pick: Pick<T>) {
    this.#handle = handle;
    this.#options = options;
    this.#method = method;
    this.#pick = pick;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<T, undefined>> {
    const page = this.#page;
    if (this.#pending === undefined && page !== undefined && this.#index < page.count && !this.#done) {
      // Throws once the object is stopped.
      const { map } = openHandle(this.#handle);
      // Not at once: who looks at the first few entries only shall not pay for two pages. Later pages: see #fetch.
      if (this.#index === page.count >> 2) this.#fetchAhead(map);
      return { value: this.#pick(page, this.#index++), done: false };
    }
    return this.#inTurn(() => this.#advance());
  }

  async return(value?: unknown): Promise<IteratorResult<T, undefined>> {
    this.#end();
    return { value: value as undefined, done: true };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#end();
  }

  #inTurn<R>(work: () => Promise<R>): Promise<R> {
    const result = this.#pending === undefined ? work() : this.#pending.then(work);
    const settled = result.then(
      () => undefined,
      () => undefined,
    );
    this.#pending = settled;
    void settled.then(() => {
      if (this.#pending === settled) this.#pending = undefined;
    });
    return result;
  }

  async #advance(): Promise<IteratorResult<T, undefined>> {
    while (!this.#done) {
      const page = this.#page;
      if (page !== undefined && this.#index < page.count) {
        openHandle(this.#handle);
        return { value: this.#pick(page, this.#index++), done: false };
      }
      await this.#fetch();
    }
    return { value: undefined, done: true };
  }

  async #fetch(): Promise<void> {
    try {
      const { map } = openHandle(this.#handle);
      const bytes = await (this.#ahead ?? this.#nextPage(map));
      this.#ahead = undefined;
      // return() may have come while the page was on its way.
      if (this.#done) return;
      const isFirst = this.#page === undefined;
      this.#index = 0;
      this.#page = new Page(map, bytes);
      if (this.#page.count === 0) this.#end();
      else if (!isFirst) this.#fetchAhead(map);
    } catch (error) {
      this.#end();
      throw error;
    }
  }

  #fetchAhead(map: LiveMap): void {
    if (this.#ahead !== undefined) return;
    this.#ahead = this.#nextPage(map);
    // Who does not come to the next page need not know what became of it.
    this.#ahead.catch(() => undefined);
  }

  #nextPage(map: LiveMap): Promise<Uint8Array> {
    const scan = this.#scan ?? this.#open(map);
    return inBackground(map, () => ops.op_bpf_scan_next(scan));
  }

  #open(map: LiveMap): number {
    const scan = ops.op_bpf_scan_open(map.handle, parseBatchSize(map, this.#method, this.#options));
    this.#scan = scan;
    abandoned.register(this, scan, this);
    return scan;
  }

  #end(): void {
    this.#done = true;
    this.#page = undefined;
    if (this.#scan === undefined) return;
    abandoned.unregister(this);
    ops.op_bpf_scan_close(this.#scan);
    this.#scan = undefined;
  }
}

function parseBatchSize(map: LiveMap, method: string, options: unknown): number {
  if (options === undefined) return 0;
  if (typeof options !== 'object' || options === null) {
    throw new BpfError(
      'InvalidOpts',
      `${method}(options) on map '${map.name}': options is ${show(options)}, but must be { batchSize }`,
      {
        map: map.name,
      },
    );
  }
  return parseCount((options as EntriesOptions).batchSize, map, `${method}({ batchSize })`);
}
