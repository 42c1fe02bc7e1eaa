import { Views } from '../../btf/mod.ts';

/**
 * One delivery from native code: frames of `u32 length, u32 0, data, zeroes up to a multiple of 8`, then a trailer of four u32: records lost
 * right before these (low word, high word), which bound they ran into, how many records there are.
 */
export interface Chunk {
  readonly views: Views;
  /** First byte after the frames. */
  readonly end: number;
  readonly records: number;
  readonly missed: number;
  readonly cause: 'capacity' | 'byteCap';
}

const TRAILER = 16;
const CAUSE_BYTES = 2;

export function readChunk(buffer: ArrayBuffer): Chunk {
  const views = new Views(buffer);
  const end = buffer.byteLength - TRAILER;
  const word = (index: number): number => views.u32[(end >> 2) + index] as number;
  return {
    views,
    end,
    records: word(3),
    missed: word(0) + word(1) * 2 ** 32,
    cause: word(2) === CAUSE_BYTES ? 'byteCap' : 'capacity',
  };
}
