import { ValueError, type Views } from '../../btf/mod.ts';
import { show } from '../../text.ts';
import type { Shape } from './shape.ts';

/** The `__u32` id of a stack trace. The map is declared without a key type. */
export function stackIdShape(): Shape {
  return {
    size: 4,
    decode: (views, offset) => views.u32[offset >> 2],
    encode(views, offset, value, path) {
      const id = typeof value === 'bigint' ? Number(value) : value;
      if (typeof id !== 'number' || !Number.isInteger(id) || id < 0 || id > 0xffff_ffff) {
        const accepted = 'must be what bpf_get_stackid() returned, from 0';
        throw new ValueError(`${path}: the stack id is ${show(value)}, but ${accepted}`);
      }
      views.u32[offset >> 2] = id;
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
      throw new ValueError(`${path}: only the kernel writes stack traces`);
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
