import { type Codec, ValueError, type Views } from '../../btf/mod.ts';
import { show } from '../../text.ts';

/** How a key, or a whole value as one syscall moves it, is laid out in a buffer. */
export interface Shape {
  /** Bytes. */
  readonly size: number;
  decode(views: Views, offset: number): unknown;
  /** Throws a ValueError that starts with `path`; getters of the value may run user code. */
  encode(views: Views, offset: number, value: unknown, path: string): void;
}

export function plainShape(codec: Codec): Shape {
  const { size } = codec;
  return {
    size,
    decode: (views, offset) => codec.decode(views, offset, offset + size),
    encode: (views, offset, value, path) => codec.encode(views, offset, value, path),
  };
}

/** Exactly `size` bytes: of a raw key a short one is a mistake, not a prefix. */
export function bytesShape(codec: Codec): Shape {
  const shape = plainShape(codec);
  return {
    ...shape,
    encode(views, offset, value, path) {
      const length = value instanceof Uint8Array ? value.length : undefined;
      if (length !== codec.size) {
        const given = length === undefined ? show(value) : `one of ${length}`;
        throw new ValueError(`${path}: must be a Uint8Array of ${codec.size} bytes, not ${given}`);
      }
      shape.encode(views, offset, value, path);
    },
  };
}
