import type { BpfControl } from './control.ts';
import { type EntriesOptions, entries, type PageIterator } from './maps/entries.ts';
import { type MapInfo, mapInfo } from './maps/info.ts';
import { lookup, remove } from './maps/keyed.ts';
import { MapHandle, openMap } from './maps/map_handle.ts';

/** A call stack, innermost frame first. */
export type Frames = (bigint | BuildIdFrame)[];

/** A frame of a map with `BPF_F_STACK_BUILD_ID`: an offset into the file with that build id. */
export interface BuildIdFrame {
  buildId: Uint8Array;
  offset: bigint;
}

export class StackTrace extends MapHandle {
  constructor(control: BpfControl, name: string) {
    super('StackTrace', control, name);
  }

  async lookup(id: number): Promise<Frames | undefined> {
    return lookup(openMap(this), id) as Frames | undefined;
  }

  async delete(id: number): Promise<void> {
    return remove(openMap(this), id);
  }

  entries(options?: EntriesOptions): PageIterator<[number, Frames]> {
    return entries(this, options) as PageIterator<[number, Frames]>;
  }

  info(): MapInfo {
    return mapInfo(openMap(this));
  }
}
