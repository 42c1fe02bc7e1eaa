/**
 * Bit fields and integers of odd sizes, byte by byte: any position, any width, little-endian. Positions are bytes plus a `shift` of 0
 * to 7 bits. Bit fields that lie in one aligned word are read by generated code instead.
 */

/** Up to 32 bits as a number. */
export function readBits(u8: Uint8Array, offset: number, shift: number, width: number, signed: boolean): number {
  let value = (u8[offset] as number) >>> shift;
  for (let have = 8 - shift, i = 1; have < width; have += 8, i++) value += (u8[offset + i] as number) * 2 ** have;
  value %= 2 ** width;
  return signed && value >= 2 ** (width - 1) ? value - 2 ** width : value;
}

/** Up to 128 bits as a BigInt. */
export function readBigBits(u8: Uint8Array, offset: number, shift: number, width: number, signed: boolean): bigint {
  let value = 0n;
  for (let i = Math.ceil((shift + width) / 8) - 1; i >= 0; i--)
    value = (value << 8n) | BigInt(u8[offset + i] as number);
  value >>= BigInt(shift);
  return signed ? BigInt.asIntN(width, value) : BigInt.asUintN(width, value);
}

/** Writes the low `width` bits of `value` and leaves the other bits of the bytes as they are. */
export function writeBits(u8: Uint8Array, offset: number, shift: number, width: number, value: bigint | number): void {
  if (typeof value === 'number' && shift + width <= 32) {
    let mask = (0xffff_ffff >>> (32 - width)) << shift;
    for (let i = offset, bits = (value << shift) & mask; mask !== 0; i++, bits >>>= 8, mask >>>= 8) {
      u8[i] = ((u8[i] as number) & ~mask) | bits;
    }
    return;
  }
  let mask = ((1n << BigInt(width)) - 1n) << BigInt(shift);
  for (let i = offset, bits = (BigInt(value) << BigInt(shift)) & mask; mask !== 0n; i++, bits >>= 8n, mask >>= 8n) {
    u8[i] = ((u8[i] as number) & ~Number(mask & 0xffn)) | Number(bits & 0xffn);
  }
}
