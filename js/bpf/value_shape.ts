import type { Codec, Views } from '../btf/mod.ts';
import { show } from '../text.ts';
import { BpfError } from './error.ts';

/** How a key, or a whole value as one syscall moves it, is laid out in a buffer. */
export interface Shape {
  /** Bytes. */
  readonly size: number;
  decode(views: Views, offset: number): unknown;
  /** Throws a codec error with `path` in it; getters of the value may run user code. */
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
export function bytesShape(codec: Codec, map: string): Shape {
  const shape = plainShape(codec);
  return {
    ...shape,
    encode(views, offset, value, path) {
      const length = value instanceof Uint8Array ? value.length : undefined;
      if (length !== codec.size) {
        const given = length === undefined ? show(value) : `${length} bytes`;
        throw new BpfError(
          'InvalidValue',
          `${path}: must be a Uint8Array of ${codec.size} bytes for map '${map}', not ${given}`,
          { map },
        );
      }
      shape.encode(views, offset, value, path);
    },
  };
}

/** One value per possible CPU, each rounded up to 8 bytes as the kernel copies them. */
export function perCpuShape(one: Shape, cpus: number, map: string): Shape {
  const { size } = one;
  const stride = (size + 7) & ~7;
  return {
    size: stride * cpus,
    decode(views, offset) {
      const values = new Array<unknown>(cpus);
      for (let cpu = 0; cpu < cpus; cpu++) values[cpu] = one.decode(views, offset + cpu * stride);
      return values;
    },
    encode(views, offset, value, path) {
      const length =
        Array.isArray(value) || ArrayBuffer.isView(value) ? (value as unknown as ArrayLike<unknown>).length : undefined;
      if (length !== cpus) {
        const given = length === undefined ? show(value) : `an array of ${length}`;
        throw new BpfError(
          'InvalidValue',
          `${path}: must be an array of info().num_cpus = ${cpus} values for map '${map}', not ${given}`,
          {
            map,
          },
        );
      }
      const values = value as ArrayLike<unknown>;
      for (let cpu = 0; cpu < cpus; cpu++) {
        const at = offset + cpu * stride;
        views.u8.fill(0, at + size, at + stride);
        one.encode(views, at, values[cpu], `${path}[${cpu}]`);
      }
    },
  };
}

/** The `__u32` id of a stack trace. The map is declared without a key type. */
export function stackIdShape(map: string): Shape {
  return {
    size: 4,
    decode: (views, offset) => views.u32[offset >> 2],
    encode(views, offset, value, path) {
      const id = typeof value === 'bigint' ? Number(value) : value;
      if (typeof id !== 'number' || !Number.isInteger(id) || id < 0 || id > 0xffff_ffff) {
        const accepted = 'must be what bpf_get_stackid() returned, from 0';
        throw new BpfError(
          'InvalidValue',
          `${path}: the stack id for map '${map}' is ${show(value)}, but ${accepted}`,
          { map },
        );
      }
      views.u32[offset >> 2] = id;
    },
  };
}

/** The `__u32` slot number of an array map; out of range rejects before the kernel is asked. */
export function indexShape(slots: number, map: string): Shape {
  return {
    size: 4,
    decode: (views, offset) => views.u32[offset >> 2],
    encode(views, offset, value, path) {
      const index = typeof value === 'bigint' ? Number(value) : value;
      if (typeof index !== 'number' || !Number.isInteger(index)) {
        throw new BpfError(
          'InvalidValue',
          `${path}: the index into array map '${map}' is ${show(value)}, but must be a whole number`,
          { map },
        );
      }
      if (index < 0 || index >= slots) {
        throw new BpfError(
          'InvalidValue',
          `${path}: index ${index} is outside '${map}' (max_entries ${slots}: 0 to ${slots - 1})`,
          { map },
        );
      }
      views.u32[offset >> 2] = index;
    },
  };
}

const FLAG_BUILD_ID = 1 << 5;
const BUILD_ID_FRAME = 32;
const BUILD_ID_VALID = 1;

/** A stack trace: u64 addresses, or 32-byte `struct bpf_stack_build_id`; the kernel fills what is left with zeroes. */
export function framesShape(size: number, flags: number): Shape {
  const withBuildId = (flags & FLAG_BUILD_ID) !== 0;
  return {
    size,
    decode(views, offset) {
      return withBuildId ? buildIdFrames(views, offset, offset + size) : addresses(views, offset, offset + size);
    },
    encode(_views, _offset, _value, path) {
      throw new BpfError('Unsupported', `${path}: only the kernel writes stack traces`);
    },
  };
}

function addresses(views: Views, start: number, end: number): bigint[] {
  const frames: bigint[] = [];
  for (let at = start; at < end; at += 8) {
    const address = views.u64[at >> 3] as bigint;
    if (address === 0n) break;
    frames.push(address);
  }
  return frames;
}

/** Each is `s32 status, u8 build_id[20], u64 offset or address`; without a build id the address stands alone. */
function buildIdFrames(views: Views, start: number, end: number): (bigint | { buildId: Uint8Array; offset: bigint })[] {
  const frames: (bigint | { buildId: Uint8Array; offset: bigint })[] = [];
  for (let at = start; at < end; at += BUILD_ID_FRAME) {
    const status = views.u32[at >> 2] as number;
    if (status === 0) break;
    const offset = views.u64[(at + 24) >> 3] as bigint;
    frames.push(status === BUILD_ID_VALID ? { buildId: views.u8.slice(at + 4, at + 24), offset } : offset);
  }
  return frames;
}
