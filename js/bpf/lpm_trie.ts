import type { BpfControl } from './control.ts';
import { deleteBatch, lookupBatch, updateBatch } from './maps/batch.ts';
import { type EntriesOptions, entries, type PageIterator } from './maps/entries.ts';
import { type MapInfo, mapInfo } from './maps/info.ts';
import { lookup, remove, update } from './maps/keyed.ts';
import { MapHandle, openMap } from './maps/map_handle.ts';

/** A prefix: as many leading bits of `data` as `prefixlen` says. */
export type LpmKey = string | { prefixlen: number; data: ArrayLike<number> };

// biome-ignore lint/suspicious/noExplicitAny: the type of values comes from the object at run time
export class LpmTrie<V = any> extends MapHandle {
  constructor(control: BpfControl, name: string) {
    super('LpmTrie', control, name);
  }

  async lookup(key: LpmKey): Promise<V | undefined> {
    return lookup(openMap(this), key) as V | undefined;
  }

  async update(key: LpmKey, value: V): Promise<void> {
    return update(openMap(this), key, value);
  }

  async delete(key: LpmKey): Promise<void> {
    return remove(openMap(this), key);
  }

  // biome-ignore lint/suspicious/noExplicitAny: the data of a key reads as its BTF type
  entries(options?: EntriesOptions): PageIterator<[{ prefixlen: number; data: any }, V]> {
    return entries(this, options) as PageIterator<[{ prefixlen: number; data: unknown }, V]>;
  }

  async updateBatch(pairs: Iterable<readonly [LpmKey, V]>): Promise<void> {
    return updateBatch(openMap(this), pairs);
  }

  async deleteBatch(keys: Iterable<LpmKey>): Promise<void> {
    return deleteBatch(openMap(this), keys);
  }

  // biome-ignore lint/suspicious/noExplicitAny: the data of a key reads as its BTF type
  async lookupBatch(count?: number): Promise<[{ prefixlen: number; data: any }, V][]> {
    return lookupBatch(openMap(this), count) as Promise<[{ prefixlen: number; data: unknown }, V][]>;
  }

  info(): MapInfo {
    return mapInfo(openMap(this));
  }
}
