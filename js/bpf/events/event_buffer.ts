import { show } from '../../text.ts';
import { BpfError } from '../error.ts';
import { MapHandle, openHandle } from '../maps/map_handle.ts';
import { EventIterator } from './event_iterator.ts';
import { Feed } from './feed.ts';
import { type BpfSubscription, type ErrorCallback, type EventCallback, newSubscription } from './subscription.ts';

export interface SubscribeOptions {
  batch?: boolean;
}

/** What ring buffers and perf event arrays share: records go to callbacks or into a loop. */
export abstract class EventBuffer extends MapHandle {
  async subscribe(
    cb: EventCallback,
    onError?: ErrorCallback | SubscribeOptions,
    options?: SubscribeOptions,
  ): Promise<BpfSubscription> {
    // `subscribe(cb, { batch: true })` leaves onError out.
    const short = typeof onError === 'object' && onError !== null && options === undefined;
    const { owner, map } = openHandle(this);
    const handler = short ? undefined : onError;
    const given: unknown = short ? onError : options;
    const batch = (given as SubscribeOptions | undefined)?.batch ?? false;
    const fail = (what: string, value: unknown, accepted: string): never => {
      throw new BpfError(
        'InvalidOpts',
        `subscribe() on '${map.name}': ${what} is ${show(value)}, but must be ${accepted}`,
        { map: map.name },
      );
    };
    if (typeof cb !== 'function') fail('the callback', cb, 'a function');
    if (handler !== undefined && typeof handler !== 'function') fail('onError', handler, 'a function');
    if (given !== undefined && typeof given !== 'object') fail('options', given, 'an object like { batch: true }');
    if (typeof batch !== 'boolean') fail('batch', batch, 'true or false');
    return newSubscription(new Feed(map), {
      callback: cb,
      onError: (handler as ErrorCallback | undefined) ?? logMessage,
      batch,
      deliveries: owner.deliveries,
    });
  }

  // biome-ignore lint/suspicious/noExplicitAny: what an event is comes from the object at run time
  [Symbol.asyncIterator](): AsyncIterableIterator<any> {
    return new EventIterator(() => new Feed(openHandle(this).map), logMessage);
  }
}

function logMessage(error: unknown): void {
  console.error(error instanceof Error ? error.message : error);
}
