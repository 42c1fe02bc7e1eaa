import { clear } from './batch.ts';
import { type EntriesOptions, entries, keys, type PageIterator, values } from './entries.ts';
import { type PerCpuInfo, perCpuInfo } from './info.ts';
import { lookup, remove, update } from './keyed.ts';
import { MapHandle, openMap } from './map_handle.ts';

/** What the two per-CPU hash kinds share. A value is an array with one element per possible CPU. */
export abstract class PercpuHashLike<K, V> extends MapHandle {
  async lookup(key: K): Promise<V[] | undefined> {
    return lookup(openMap(this), key) as V[] | undefined;
  }

  async update(key: K, valuesPercpu: ArrayLike<V>): Promise<void> {
    return update(openMap(this), key, valuesPercpu);
  }

  async delete(key: K): Promise<void> {
    return remove(openMap(this), key);
  }

  entries(options?: EntriesOptions): PageIterator<[K, V[]]> {
    return entries(this, options) as PageIterator<[K, V[]]>;
  }

  keys(options?: EntriesOptions): PageIterator<K> {
    return keys(this, options) as PageIterator<K>;
  }

  values(options?: EntriesOptions): PageIterator<V[]> {
    return values(this, options) as PageIterator<V[]>;
  }

  async clear(): Promise<number> {
    return clear(openMap(this));
  }

  info(): PerCpuInfo {
    return perCpuInfo(openMap(this));
  }
}
