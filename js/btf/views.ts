/**
 * The typed arrays over one buffer, made once per chunk or scratch buffer because making one costs more than decoding a record.
 * Little-endian hosts only, as BPF is on every machine this runs on.
 */
export class Views {
  readonly buffer: ArrayBuffer;
  readonly u8: Uint8Array;
  readonly i8: Int8Array;
  readonly u16: Uint16Array;
  readonly i16: Int16Array;
  readonly u32: Uint32Array;
  readonly i32: Int32Array;
  readonly u64: BigUint64Array;
  readonly i64: BigInt64Array;
  readonly f32: Float32Array;
  readonly f64: Float64Array;
  /** For what is not aligned. */
  readonly dv: DataView;

  /** Views on the whole buffer; offsets count from its start. Its length need not be a multiple of 8. */
  constructor(buffer: ArrayBuffer) {
    const bytes = buffer.byteLength;
    this.buffer = buffer;
    this.u8 = new Uint8Array(buffer);
    this.i8 = new Int8Array(buffer);
    this.u16 = new Uint16Array(buffer, 0, bytes >>> 1);
    this.i16 = new Int16Array(buffer, 0, bytes >>> 1);
    this.u32 = new Uint32Array(buffer, 0, bytes >>> 2);
    this.i32 = new Int32Array(buffer, 0, bytes >>> 2);
    this.u64 = new BigUint64Array(buffer, 0, bytes >>> 3);
    this.i64 = new BigInt64Array(buffer, 0, bytes >>> 3);
    this.f32 = new Float32Array(buffer, 0, bytes >>> 2);
    this.f64 = new Float64Array(buffer, 0, bytes >>> 3);
    this.dv = new DataView(buffer);
  }
}

/** The views that generated code reads, by the name it knows them under. */
export type ViewName = Exclude<keyof Views, 'buffer'>;
