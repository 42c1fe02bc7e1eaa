import type { Btf } from './btf.ts';
import { codecOfShape } from './codec.ts';
import { compileAllRecords, compileEachRecord, type Decode } from './decode.ts';
import { rawRecordShape, shapeOf } from './layout.ts';
import type { Shape } from './shape.ts';
import type { Views } from './views.ts';

/** Decodes chunks of ring-buffer records. */
export interface RecordDecoder {
  /**
   * Calls `sink` with `{ [structName]: value }` for each frame `{ u32 length, u32 zero, data padded to 8 bytes }` from `offset` (a
   * multiple of 8) to `end`. What `sink` throws ends the walk.
   */
  eachRecord(v: Views, offset: number, end: number, structName: string, sink: (event: unknown) => void): void;
  /** The same as an array. */
  collect(v: Views, offset: number, end: number, structName: string): unknown[];
}

/** The decoder of records of one type. */
export function recordDecoder(btf: Btf, typeId: number): RecordDecoder {
  return decoderOf(shapeOf(btf, typeId));
}

/** The decoder of records without a type: each is a Uint8Array of all its bytes. */
export function rawRecordDecoder(): RecordDecoder {
  return decoderOf(rawRecordShape());
}

function decoderOf(shape: Shape): RecordDecoder {
  const codec = codecOfShape(shape);
  const short: Decode = (v, offset, end) => codec.decode(v, offset, end);
  const each = oncePerName((structName) => compileEachRecord(shape, structName, short));
  const all = oncePerName((structName) => compileAllRecords(shape, structName, short));
  return {
    eachRecord: (v, offset, end, structName, sink) => each(structName)(v, offset, end, sink),
    collect: (v, offset, end, structName) => all(structName)(v, offset, end),
  };
}

function oncePerName<T>(make: (structName: string) => T): (structName: string) => T {
  const made = new Map<string, T>();
  return (structName) => {
    const known = made.get(structName);
    if (known !== undefined) return known;
    const value = make(structName);
    made.set(structName, value);
    return value;
  };
}
