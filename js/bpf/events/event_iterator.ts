import type { Feed } from './feed.ts';
import type { ErrorCallback } from './subscription.ts';

/**
 * `for await` over an event buffer. It subscribes at the first `next()` and asks for more only when it has handed out what it has, so a slow
 * loop fills the bounded queue and is told what it lost. The loop ends when the object stops.
 */
export class EventIterator implements AsyncIterableIterator<unknown> {
  readonly #subscribe: () => Feed;
  readonly #onLag: ErrorCallback;
  #feed: Feed | undefined;
  #events: unknown[] = [];
  #index = 0;
  #done = false;
  #pending: Promise<unknown> = Promise.resolve();

  constructor(subscribe: () => Feed, onLag: ErrorCallback) {
    this.#subscribe = subscribe;
    this.#onLag = onLag;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<unknown, undefined>> {
    const result = this.#pending.then(() => this.#advance());
    this.#pending = result.catch(() => undefined);
    return result;
  }

  async return(value?: unknown): Promise<IteratorResult<unknown, undefined>> {
    this.#end();
    return { value: value as undefined, done: true };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#end();
  }

  async #advance(): Promise<IteratorResult<unknown, undefined>> {
    while (!this.#done) {
      if (this.#index < this.#events.length) return { value: this.#events[this.#index++], done: false };
      await this.#fill();
    }
    return { value: undefined, done: true };
  }

  async #fill(): Promise<void> {
    try {
      this.#feed ??= this.#subscribe();
      const feed = this.#feed;
      const chunk = await feed.next();
      if (chunk === undefined) return this.#end();
      const lag = feed.lagOf(chunk);
      if (lag !== undefined) this.#onLag(lag);
      this.#events = feed.all(chunk);
      this.#index = 0;
    } catch (error) {
      this.#end();
      throw error;
    }
  }

  #end(): void {
    this.#done = true;
    this.#events = [];
    this.#feed?.close();
  }
}
