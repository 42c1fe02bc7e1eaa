import { type KeylessInfo, keylessInfo } from './info.ts';
import { peekNow, popNow, pushNow, withValue } from './keyless.ts';
import { MapHandle, openMap } from './map_handle.ts';

/** What queues and stacks share; only the end that `pop` takes from differs, and the kernel knows that. */
export abstract class QueueLike<V> extends MapHandle {
  async push(value: V): Promise<void> {
    return withValue(openMap(this), 'push', value, pushNow);
  }

  async pop(): Promise<V | undefined> {
    const map = openMap(this);
    return map.run(map.take(), popNow) as V | undefined;
  }

  async peek(): Promise<V | undefined> {
    const map = openMap(this);
    return map.run(map.take(), peekNow) as V | undefined;
  }

  info(): KeylessInfo {
    return keylessInfo(openMap(this));
  }
}
