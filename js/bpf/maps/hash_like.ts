import { clear, deleteBatch, drainBatch, lookupBatch, updateBatch } from './batch.ts';
import { type EntriesOptions, entries, keys, type PageIterator, values } from './entries.ts';
import { type MapInfo, mapInfo } from './info.ts';
import { lookup, remove, update } from './keyed.ts';
import { MapHandle, openMap } from './map_handle.ts';

/** What `HashMap` and `LruHashMap` share: the script sees one surface, the kernel behaves differently when the map is full. */
export abstract class HashLike<K, V> extends MapHandle {
  async lookup(key: K): Promise<V | undefined> {
    return lookup(openMap(this), key) as V | undefined;
  }

  async update(key: K, value: V): Promise<void> {
    return update(openMap(this), key, value);
  }

  async delete(key: K): Promise<void> {
    return remove(openMap(this), key);
  }

  entries(options?: EntriesOptions): PageIterator<[K, V]> {
    return entries(this, options) as PageIterator<[K, V]>;
  }

  keys(options?: EntriesOptions): PageIterator<K> {
    return keys(this, options) as PageIterator<K>;
  }

  values(options?: EntriesOptions): PageIterator<V> {
    return values(this, options) as PageIterator<V>;
  }

  async updateBatch(pairs: Iterable<readonly [K, V]>): Promise<void> {
    return updateBatch(openMap(this), pairs);
  }

  async deleteBatch(keysGiven: Iterable<K>): Promise<void> {
    return deleteBatch(openMap(this), keysGiven);
  }

  async lookupBatch(count?: number): Promise<[K, V][]> {
    return lookupBatch(openMap(this), count) as Promise<[K, V][]>;
  }

  async drainBatch(count?: number): Promise<[K, V][]> {
    return drainBatch(openMap(this), count) as Promise<[K, V][]>;
  }

  async clear(): Promise<number> {
    return clear(openMap(this));
  }

  info(): MapInfo {
    return mapInfo(openMap(this));
  }
}
