import type { BpfControl } from './control.ts';
import { type KeylessInfo, keylessInfo } from './maps/info.ts';
import { containsNow, insertNow, withValue } from './maps/keyless.ts';
import { MapHandle, openMap } from './maps/map_handle.ts';

// biome-ignore lint/suspicious/noExplicitAny: the type of values comes from the object at run time
export class BloomFilter<V = any> extends MapHandle {
  constructor(control: BpfControl, name: string) {
    super('BloomFilter', control, name);
  }

  async insert(value: V): Promise<void> {
    return withValue(openMap(this), 'insert', value, insertNow);
  }

  async contains(value: V): Promise<boolean> {
    return withValue(openMap(this), 'contains', value, containsNow);
  }

  info(): KeylessInfo {
    return keylessInfo(openMap(this));
  }
}
