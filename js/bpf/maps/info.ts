import type { LiveMap } from './live_map.ts';

/** Kernel metadata of a map. Sizes in bytes. */
export interface MapInfo {
  /** The kernel's name of the type, for example `hash` or `lpm_trie`. */
  map_type: string;
  key_size: number;
  value_size: number;
  max_entries: number;
}

export interface KeylessInfo {
  map_type: string;
  value_size: number;
  max_entries: number;
}

export interface PerCpuInfo extends MapInfo {
  /** Possible CPUs: how many values one entry has. */
  num_cpus: number;
}

export function mapInfo({ state }: LiveMap): MapInfo {
  return {
    map_type: state.mapType,
    key_size: state.keySize,
    value_size: state.valueSize,
    max_entries: state.maxEntries,
  };
}

export function keylessInfo({ state }: LiveMap): KeylessInfo {
  return { map_type: state.mapType, value_size: state.valueSize, max_entries: state.maxEntries };
}

export function perCpuInfo(map: LiveMap): PerCpuInfo {
  return { ...mapInfo(map), num_cpus: map.state.cpus };
}
