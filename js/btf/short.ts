import type { Decode } from './decode.ts';
import type { Shape } from './shape.ts';
import { Views } from './views.ts';

/** Records that are shorter than their struct. */

const SCRATCH_BYTES = 16_384;

let scratch: Views | undefined;

/**
 * Decodes a record that ends before its type does: what is missing is zero, and an array at the end of the type is cut to the elements
 * that came. Decoding runs no code of a script, so one scratch buffer serves all.
 */
export function decodeShort(shape: Shape, decode: Decode, v: Views, offset: number, end: number): unknown {
  const got = Math.max(0, end - offset);
  const padded = withRoom(shape.size);
  padded.u8.fill(0, 0, shape.size);
  padded.u8.set(v.u8.subarray(offset, offset + got));
  return cut(shape, decode(padded, 0, shape.size), got);
}

function withRoom(bytes: number): Views {
  if (bytes > SCRATCH_BYTES) return new Views(new ArrayBuffer(bytes));
  scratch ??= new Views(new ArrayBuffer(SCRATCH_BYTES));
  return scratch;
}

/** Shortens the arrays at the end of `value`, of which `got` bytes came. An element that came in part stays, its rest zero. */
function cut(shape: Shape, value: unknown, got: number): unknown {
  const came = Math.max(0, got);
  if (came >= shape.size) return value;
  switch (shape.kind) {
    case 'bytes':
      return typeof value === 'string' ? value : (value as Uint8Array | Int8Array).subarray(0, came);
    case 'array': {
      const elements = value as unknown[];
      if (shape.element.size > 0) elements.length = Math.min(elements.length, Math.ceil(came / shape.element.size));
      return elements;
    }
    case 'struct':
    case 'union': {
      const members = value as Record<string, unknown>;
      for (const field of shape.fields) {
        if (field.last) members[field.name] = cut(field.shape, members[field.name], got - field.offset);
      }
      return members;
    }
    default:
      return value;
  }
}
