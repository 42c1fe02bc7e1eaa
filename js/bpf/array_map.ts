import type { BpfControl } from './control.ts';
import { lookupBatch, updateBatch } from './maps/batch.ts';
import { type EntriesOptions, entries, type PageIterator } from './maps/entries.ts';
import { type MapInfo, mapInfo } from './maps/info.ts';
import { lookup, update } from './maps/keyed.ts';
import { MapHandle, openMap } from './maps/map_handle.ts';

// biome-ignore lint/suspicious/noExplicitAny: the type of values comes from the object at run time
export class ArrayMap<V = any> extends MapHandle {
  constructor(control: BpfControl, name: string) {
    super('ArrayMap', control, name);
  }

  async lookup(index: number): Promise<V | undefined> {
    return lookup(openMap(this), index) as V | undefined;
  }

  async update(index: number, value: V): Promise<void> {
    return update(openMap(this), index, value);
  }

  entries(options?: EntriesOptions): PageIterator<[number, V]> {
    return entries(this, options) as PageIterator<[number, V]>;
  }

  async updateBatch(pairs: Iterable<readonly [number, V]>): Promise<void> {
    return updateBatch(openMap(this), pairs);
  }

  async lookupBatch(count?: number): Promise<[number, V][]> {
    return lookupBatch(openMap(this), count) as Promise<[number, V][]>;
  }

  info(): MapInfo {
    return mapInfo(openMap(this));
  }
}
