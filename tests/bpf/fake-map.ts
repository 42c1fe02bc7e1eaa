import type { BpfErrorFacts, BpfErrorKind } from '../../js/bpf/error.ts';
import type { MapState } from '../../js/ops.ts';

type Fail = (kind: BpfErrorKind, message: string, facts?: BpfErrorFacts) => Error;

/** One map in memory: keys and values as bytes, in the order of insertion. */
export class FakeMap {
  readonly state: MapState;
  /** The bytes of a data section. */
  readonly image: Uint8Array;
  readonly #entries = new Map<string, Uint8Array>();
  readonly #queue: Uint8Array[] = [];
  readonly #fail: Fail;

  constructor(state: MapState, fail: Fail) {
    this.state = state;
    this.#fail = fail;
    this.image = new Uint8Array(state.valueSize);
    if (!state.mapType.endsWith('array')) return;
    for (let index = 0; index < state.maxEntries; index++) {
      this.#entries.set(hex(new Uint8Array(Uint32Array.of(index).buffer)), new Uint8Array(this.#stride));
    }
  }

  get #stride(): number {
    const { valueSize, cpus } = this.state;
    return cpus > 0 ? Math.ceil(valueSize / 8) * 8 * cpus : valueSize;
  }

  get size(): number {
    return this.#entries.size;
  }

  keys(): Uint8Array[] {
    return [...this.#entries.keys()].map(unhex);
  }

  lookup(key: Uint8Array, value: Uint8Array): boolean {
    const found = this.#entries.get(hex(key));
    if (found === undefined) return false;
    if (value.length !== found.length)
      throw new Error(`buffer of ${value.length} bytes for a value of ${found.length}`);
    value.set(found);
    return true;
  }

  update(key: Uint8Array, value: Uint8Array): void {
    const name = hex(key);
    if (!this.#entries.has(name) && this.#entries.size === this.state.maxEntries) {
      throw this.#fail('E2BIG', `map '${this.state.name}' is full`, { errno: 'E2BIG', map: this.state.name });
    }
    this.#entries.set(name, value.slice());
  }

  delete(key: Uint8Array): void {
    if (this.#entries.delete(hex(key))) return;
    throw this.#fail('NotFound', `no such key in '${this.state.name}'`, { errno: 'ENOENT', map: this.state.name });
  }

  updateBatch(keys: Uint8Array, values: Uint8Array, count: number): void {
    this.#each(count, (index) => this.update(part(keys, index, count), part(values, index, count)));
  }

  deleteBatch(keys: Uint8Array, count: number): void {
    this.#each(count, (index) => this.delete(part(keys, index, count)));
  }

  #each(count: number, step: (index: number) => void): void {
    for (let index = 0; index < count; index++) {
      try {
        step(index);
      } catch (error) {
        throw Object.assign(error as Error, { applied: index });
      }
    }
  }

  page(from: number, count: number): { bytes: Uint8Array; keys: Uint8Array[] } {
    const keys = this.keys().slice(from, from + count);
    return { bytes: this.pageOf(keys), keys };
  }

  /** As js/bpf/page.ts reads it. */
  pageOf(keys: readonly Uint8Array[]): Uint8Array {
    const present = keys.filter((key) => this.#entries.has(hex(key)));
    if (present.length === 0) return new Uint8Array(0);
    const values = Math.ceil((8 + present.length * this.state.keySize) / 8) * 8;
    const bytes = new Uint8Array(values + present.length * this.#stride);
    new DataView(bytes.buffer).setUint32(0, present.length, true);
    present.forEach((key, index) => {
      bytes.set(key, 8 + index * this.state.keySize);
      bytes.set(this.#entries.get(hex(key)) as Uint8Array, values + index * this.#stride);
    });
    return bytes;
  }

  drain(count: number): Uint8Array {
    const { bytes, keys } = this.page(0, count);
    for (const key of keys) this.#entries.delete(hex(key));
    return bytes;
  }

  clear(): number {
    const { size } = this.#entries;
    this.#entries.clear();
    return size;
  }

  push(value: Uint8Array): void {
    this.#queue.push(value.slice());
  }

  take(value: Uint8Array, remove: boolean): boolean {
    const index = this.state.mapType === 'queue' ? 0 : this.#queue.length - 1;
    const found = this.#queue[index];
    if (found === undefined) return false;
    value.set(found);
    if (remove) this.#queue.splice(index, 1);
    return true;
  }

  /** As js/bpf/data_sec.ts packs them. */
  store(packed: Uint8Array): void {
    const view = new DataView(packed.buffer, packed.byteOffset, packed.length);
    for (let at = 0; at < packed.length; ) {
      const offset = view.getUint32(at, true);
      const length = view.getUint32(at + 4, true);
      const masked = view.getUint32(at + 8, true) !== 0;
      at += 12;
      for (let i = 0; i < length; i++) {
        const byte = packed[at + i] as number;
        const mask = masked ? (packed[at + length + i] as number) : 0xff;
        this.image[offset + i] = ((this.image[offset + i] as number) & ~mask) | (byte & mask);
      }
      at += masked ? 2 * length : length;
    }
  }
}

function part(bytes: Uint8Array, index: number, count: number): Uint8Array {
  const size = bytes.length / count;
  return bytes.slice(index * size, (index + 1) * size);
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

function unhex(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'hex'));
}
