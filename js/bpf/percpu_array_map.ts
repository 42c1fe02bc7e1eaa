import type { BpfControl } from './control.ts';
import { type EntriesOptions, entries, type PageIterator } from './entries.ts';
import { type PerCpuInfo, perCpuInfo } from './info.ts';
import { lookup, update } from './keyed.ts';
import { MapHandle, openMap } from './map_handle.ts';

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
