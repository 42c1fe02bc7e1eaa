import type { BpfControl } from './control.ts';
import { type EntriesOptions, entries, type PageIterator } from './maps/entries.ts';
import { type MapInfo, mapInfo, type PerCpuInfo, perCpuInfo } from './maps/info.ts';
import { lookup, remove, update } from './maps/keyed.ts';
import { MapHandle, openMap } from './maps/map_handle.ts';

/** Any map as bytes: `key_size` bytes of key and `value_size` bytes of value. What the kernel refuses for the kind rejects. */
export class RawMap extends MapHandle {
  constructor(control: BpfControl, name: string) {
    super('RawMap', control, name);
  }

  async lookup(key: Uint8Array): Promise<Uint8Array | undefined> {
    return lookup(openMap(this), key) as Uint8Array | undefined;
  }

  async update(key: Uint8Array, value: Uint8Array): Promise<void> {
    return update(openMap(this), key, value);
  }

  async delete(key: Uint8Array): Promise<void> {
    return remove(openMap(this), key);
  }

  entries(options?: EntriesOptions): PageIterator<[Uint8Array, Uint8Array]> {
    return entries(this, options) as PageIterator<[Uint8Array, Uint8Array]>;
  }

  info(): MapInfo | PerCpuInfo {
    const map = openMap(this);
    return map.state.cpus > 0 ? perCpuInfo(map) : mapInfo(map);
  }
}
