import type { Delivery } from '../running.ts';
import { Feed, type SubscriptionStats } from './feed.ts';

// biome-ignore lint/suspicious/noExplicitAny: what an event is comes from the object at run time
export type EventCallback = (event: any) => unknown;
export type ErrorCallback = (error: Error) => unknown;

let construct: (feed: Feed, options: DeliveryOptions) => BpfSubscription;

interface DeliveryOptions {
  readonly callback: EventCallback;
  readonly onError: ErrorCallback;
  /** One call per chunk with an array instead of one call per record. */
  readonly batch: boolean;
  readonly deliveries: Set<Delivery>;
}

/** Delivers the records of one event buffer to one callback. */
export class BpfSubscription {
  readonly #feed: Feed;
  readonly #options: DeliveryOptions;

  private constructor(feed: Feed, options: DeliveryOptions) {
    if (!(feed instanceof Feed)) throw new TypeError('A BpfSubscription comes from subscribe()');
    this.#feed = feed;
    this.#options = options;
    const running = this.#run();
    const delivery: Delivery = { ended: () => running };
    options.deliveries.add(delivery);
    void running.then(() => options.deliveries.delete(delivery));
  }

  // Closing is synchronous: the callback does not run again, not even for records of a chunk that is being delivered.
  async unsubscribe(): Promise<void> {
    this.#feed.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.unsubscribe();
  }

  stats(): SubscriptionStats {
    return this.#feed.stats();
  }

  async #run(): Promise<void> {
    const feed = this.#feed;
    try {
      for (let chunk = await feed.next(); chunk !== undefined; chunk = await feed.next()) {
        const lag = feed.lagOf(chunk);
        if (lag !== undefined) this.#report(lag);
        if (this.#options.batch) {
          const events = feed.all(chunk);
          if (events.length > 0) this.#call(events, events.length);
        } else {
          feed.each(chunk, this.#callOne);
        }
      }
    } catch (error) {
      this.#report(error);
      feed.close();
    }
  }

  /** A callback that throws, or whose promise rejects, costs its own event and nothing else. */
  #call(event: unknown, records: number): void {
    if (this.#feed.closed) return;
    this.#feed.handed += records;
    try {
      const result = this.#options.callback(event);
      if (result instanceof Promise) result.catch(this.#report);
    } catch (error) {
      this.#report(error);
    }
  }

  readonly #callOne = (event: unknown): void => this.#call(event, 1);

  readonly #report = (error: unknown): void => {
    try {
      this.#options.onError(error as Error);
    } catch (thrown) {
      // Nobody is left to handle it: an unhandled rejection ends the script with this error.
      void Promise.reject(thrown);
    }
  };

  static {
    construct = (feed, options) => new BpfSubscription(feed, options);
  }
}

/** Only `subscribe()` makes subscriptions. */
export function newSubscription(feed: Feed, options: DeliveryOptions): BpfSubscription {
  return construct(feed, options);
}
