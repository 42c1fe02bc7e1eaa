import type { BpfControl } from './control.ts';
import { type MapInfo, mapInfo } from './maps/info.ts';
import { MapHandle, openMap } from './maps/map_handle.ts';

/** Kinds whose entries only BPF programs, or file descriptors that a script cannot have, can name: metadata and nothing else. */
abstract class InfoOnly extends MapHandle {
  info(): MapInfo {
    return mapInfo(openMap(this));
  }
}

export class ProgArray extends InfoOnly {
  constructor(control: BpfControl, name: string) {
    super('ProgArray', control, name);
  }
}

export class CgroupStorage extends InfoOnly {
  constructor(control: BpfControl, name: string) {
    super('CgroupStorage', control, name);
  }
}

export class SkStorage extends InfoOnly {
  constructor(control: BpfControl, name: string) {
    super('SkStorage', control, name);
  }
}

export class TaskStorage extends InfoOnly {
  constructor(control: BpfControl, name: string) {
    super('TaskStorage', control, name);
  }
}

export class InodeStorage extends InfoOnly {
  constructor(control: BpfControl, name: string) {
    super('InodeStorage', control, name);
  }
}
