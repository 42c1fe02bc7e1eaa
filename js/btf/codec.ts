import type { Btf } from './btf.ts';
import { compileDecoder, type Decode } from './decode.ts';
import { compileEncoder, type Encode } from './encode.ts';
import { BtfError } from './errors.ts';
import { rawShape, shapeOf } from './layout.ts';
import { alignmentOf, type Shape } from './shape.ts';
import { decodeShort } from './short.ts';
import type { Views } from './views.ts';

/** Both directions between the bytes of one C type and JavaScript values, as `docs/btf-to-js.md` says. */
export interface Codec {
  /** `sizeof` of the type in bytes. */
  readonly size: number;
  /** Offsets that are multiples of this decode and encode fastest; every other offset works too. */
  readonly align: number;
  /** False for types that end in a flexible array: their records may be longer than `size`. */
  readonly isFixed: boolean;
  /** The type as C writes it. */
  readonly typeName: string;
  /** What the code is generated from. */
  readonly shape: Shape;
  /**
   * Reads the value at `offset`. `end` is the first byte behind the record: what lies beyond is zero, arrays at the end of the type are
   * cut to what came, and a flexible array carries what is left.
   */
  decode(v: Views, offset: number, end: number): unknown;
  /**
   * Writes `value` at `offset`, padding as zero. Throws a ValueError that starts with `path`; the `size` bytes are then undefined. Reads
   * each member once and may so run getters of the value: they must not write to the same buffer.
   */
  encode(v: Views, offset: number, value: unknown, path: string): void;
}

const codecs = new WeakMap<Shape, Codec>();

/** The codec of a type, made once. Throws a BtfError for what has no size or cannot be laid out. */
export function codecOf(btf: Btf, typeId: number): Codec {
  const shape = shapeOf(btf, typeId);
  if (shape.kind === 'none') throw new BtfError(`${shape.name} has no values`);
  return codecOfShape(shape);
}

/** The codec of `size` bytes without a type: a Uint8Array. */
export function rawCodec(size: number): Codec {
  return codecOfShape(rawShape(size));
}

export function codecOfShape(shape: Shape): Codec {
  let codec = codecs.get(shape);
  if (codec === undefined) {
    codec = makeCodec(shape);
    codecs.set(shape, codec);
  }
  return codec;
}

/** Compiles each direction on its first use, and again for each alignment that turns up. */
function makeCodec(shape: Shape): Codec {
  // sizeof is a multiple of the natural alignment, so this is at least that; and no aligned word reaches beyond the type.
  const align = alignmentOf(shape.size);
  const decoders = new Map<number, Decode>();
  const encoders = new Map<number, Encode>();
  const slowDecode: Decode = (v, offset, end) => {
    if (end - offset < shape.size) return decodeShort(shape, decoder(align), v, offset, end);
    return decoder(Math.min(align, alignmentOf(offset)))(v, offset, end);
  };
  const decoder = (wanted: number): Decode => {
    const known = decoders.get(wanted);
    if (known !== undefined) return known;
    const made = compileDecoder(shape, wanted, slowDecode);
    decoders.set(wanted, made);
    if (wanted === align) codec.decode = made;
    return made;
  };
  const slowEncode: Encode = (v, offset, value, path) =>
    encoder(Math.min(align, alignmentOf(offset)))(v, offset, value, path);
  const encoder = (wanted: number): Encode => {
    const known = encoders.get(wanted);
    if (known !== undefined) return known;
    const made = compileEncoder(shape, wanted, slowEncode);
    encoders.set(wanted, made);
    if (wanted === align) codec.encode = made;
    return made;
  };
  const codec = {
    size: shape.size,
    align,
    isFixed: !shape.flexible,
    typeName: shape.name,
    shape,
    decode: slowDecode,
    encode: slowEncode,
  };
  return codec;
}
