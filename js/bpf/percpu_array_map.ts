import type { BpfControl } from './control.ts';
import { type EntriesOptions, entries, type PageIterator } from './maps/entries.ts';
import { type PerCpuInfo, perCpuInfo } from './maps/info.ts';
import { lookup, update } from './maps/keyed.ts';
import { MapHandle, openMap } from './maps/map_handle.ts';

// biome-ignore lint/suspicious/noExplicitAny: the type of values comes from the object at run time
export class PercpuArrayMap<V = any> extends MapHandle {
  constructor(control: BpfControl, name: string) {
    super('PercpuArrayMap', control, name);
  }

  async lookup(index: number): Promise<V[] | undefined> {
    return lookup(openMap(this), index) as V[] | undefined;
  }

  async update(index: number, valuesPercpu: ArrayLike<V>): Promise<void> {
    return update(openMap(this), index, valuesPercpu);
  }

  entries(options?: EntriesOptions): PageIterator<[number, V[]]> {
    return entries(this, options) as PageIterator<[number, V[]]>;
  }

  info(): PerCpuInfo {
    return perCpuInfo(openMap(this));
  }
}
