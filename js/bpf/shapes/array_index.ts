import { ValueError } from '../../btf/mod.ts';
import { show } from '../../text.ts';
import type { Shape } from './shape.ts';

/** The `__u32` slot number of an array map; out of range rejects before the kernel is asked. */
export function indexShape(slots: number, map: string): Shape {
  return {
    size: 4,
    decode: (views, offset) => views.u32[offset >> 2],
    encode(views, offset, value, path) {
      const index = typeof value === 'bigint' ? Number(value) : value;
      if (typeof index !== 'number' || !Number.isInteger(index)) {
        throw new ValueError(`${path}: the index is ${show(value)}, but must be a whole number`);
      }
      if (index < 0 || index >= slots) {
        throw new ValueError(`${path}: index ${index} is outside '${map}' (max_entries ${slots}: 0 to ${slots - 1})`);
      }
      views.u32[offset >> 2] = index;
    },
  };
}
