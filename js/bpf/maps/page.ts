import { Views } from '../../btf/mod.ts';
import { type LiveMap, padded } from './live_map.ts';

/**
 * Keys and values of many entries in one buffer, as native code hands them over: a u32 count, a u32 zero, the keys one after the other,
 * zeroes up to a multiple of 8, the values one after the other.
 */
const HEADER = 8;

export class Page {
  readonly count: number;
  readonly #map: LiveMap;
  readonly #views: Views;
  readonly #values: number;

  constructor(map: LiveMap, bytes: Uint8Array) {
    this.#map = map;
    // Native code gives every page a buffer of its own, so that it starts aligned.
    this.#views = new Views(bytes.buffer as ArrayBuffer);
    this.count = bytes.byteLength < HEADER ? 0 : (this.#views.u32[0] as number);
    this.#values = HEADER + ((this.count * map.state.keySize + 7) & ~7);
  }

  key(index: number): unknown {
    return this.#map.keys.decode(this.#views, HEADER + index * this.#map.state.keySize);
  }

  value(index: number): unknown {
    return this.#map.values.decode(this.#views, this.#values + index * this.#map.values.size);
  }

  pairs(): [unknown, unknown][] {
    return Array.from({ length: this.count }, (_, index): [unknown, unknown] => [this.key(index), this.value(index)]);
  }
}

/** A buffer for `count` encoded keys or values, and views over it. */
export class Column {
  readonly bytes: Uint8Array;
  readonly views: Views;

  constructor(size: number, count: number) {
    const buffer = new ArrayBuffer(padded(size * count));
    this.bytes = new Uint8Array(buffer, 0, size * count);
    this.views = new Views(buffer);
  }
}
