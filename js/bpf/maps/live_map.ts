import { type Btf, BtfError, type Codec, codecOf, lpmKeyCodec, rawCodec, Views } from '../../btf/mod.ts';
import type { MapDecl, MapState } from '../../ops.ts';
import type { Bind } from '../bind.ts';
import { BpfError } from '../error.ts';
import { indexShape } from '../shapes/array_index.ts';
import { perCpuShape } from '../shapes/per_cpu.ts';
import { bytesShape, plainShape, type Shape } from '../shapes/shape.ts';
import { framesShape, stackIdShape } from '../shapes/stack.ts';

/** Buffers that one call encodes into, hands to the kernel and decodes from. */
export interface Scratch {
  readonly key: Uint8Array;
  readonly keyViews: Views;
  readonly value: Uint8Array;
  readonly valueViews: Views;
}

/**
 * One bound map of a running object: its codecs, its scratch buffers and the order of its calls. Shared by all handles on that map.
 *
 * Calls apply in call order without being awaited. A call runs at once, synchronously, unless work of this map is on a worker thread;
 * then it waits for its turn with its arguments already lifted.
 */
export class LiveMap {
  readonly name: string;
  readonly handle: number;
  readonly state: MapState;
  readonly decl: MapDecl;
  readonly bind: Bind;
  readonly btf: Btf;
  #keys: Shape | undefined;
  #values: Shape | undefined;
  #spare: Scratch | undefined;
  #tail: Promise<void> | undefined;

  constructor(state: MapState, decl: MapDecl, bind: Bind, btf: Btf) {
    this.name = decl.name;
    this.handle = state.handle;
    this.state = state;
    this.decl = decl;
    this.bind = bind;
    this.btf = btf;
  }

  get keys(): Shape {
    this.#keys ??= this.#keyShape();
    return this.#keys;
  }

  get values(): Shape {
    this.#values ??= this.#valueShape();
    return this.#values;
  }

  get #isRaw(): boolean {
    return this.bind.kind.handle === 'RawMap';
  }

  #keyShape(): Shape {
    const { mapType, keySize, maxEntries } = this.state;
    if (this.#isRaw) return bytesShape(rawCodec(keySize));
    if (mapType === 'array' || mapType === 'percpu_array') return indexShape(maxEntries, this.name);
    if (mapType === 'stack_trace') return stackIdShape();
    const codec = this.#codec('key', this.decl.keyTypeId, keySize);
    return plainShape(mapType === 'lpm_trie' ? lpmKeyCodec(codec, keySize) : codec);
  }

  #valueShape(): Shape {
    const { mapType, valueSize, flags } = this.state;
    if (mapType === 'stack_trace' && !this.#isRaw) return framesShape(valueSize, flags);
    const codec = this.#codec('value', this.decl.valueTypeId, valueSize);
    const one = this.#isRaw ? bytesShape(codec) : plainShape(codec);
    return this.state.cpus > 0 ? perCpuShape(one, this.state.cpus) : one;
  }

  /** The codec of a type; raw bytes where the object names none. */
  #codec(what: string, typeId: number, size: number): Codec {
    if (typeId === 0 || this.#isRaw) return rawCodec(size);
    const fail = (problem: string): never => {
      throw new BpfError('InvalidObject', `map '${this.name}': ${problem}; rebuild the object`, { map: this.name });
    };
    try {
      const codec = codecOf(this.btf, typeId);
      if (codec.size === size) return codec;
      return fail(`its ${what} is ${size} bytes in the kernel, but its BTF type is ${codec.size} bytes`);
    } catch (error) {
      if (error instanceof BtfError) return fail(`the type of its ${what} cannot be read: ${error.message}`);
      throw error;
    }
  }

  /** Buffers for one call. Encoding may run user code that calls this map again, so two calls never share them. */
  take(): Scratch {
    const spare = this.#spare;
    if (spare === undefined) {
      const key = new ArrayBuffer(padded(this.state.keySize));
      const value = new ArrayBuffer(padded(this.values.size));
      return {
        key: new Uint8Array(key, 0, this.state.keySize),
        keyViews: new Views(key),
        value: new Uint8Array(value, 0, this.values.size),
        valueViews: new Views(value),
      };
    }
    this.#spare = undefined;
    return spare;
  }

  give(scratch: Scratch): void {
    this.#spare = scratch;
  }

  /** Runs `step` with the buffers now, or in its turn, and takes the buffers back. */
  run<T>(scratch: Scratch, step: (map: LiveMap, scratch: Scratch) => T): T | Promise<T> {
    if (this.#tail === undefined) {
      try {
        return step(this, scratch);
      } finally {
        this.#spare = scratch;
      }
    }
    return this.chain(() => {
      try {
        return step(this, scratch);
      } finally {
        this.#spare = scratch;
      }
    });
  }

  /** Whether nothing of this map is on a worker thread or waiting behind it. */
  get idle(): boolean {
    return this.#tail === undefined;
  }

  /** Runs `work` after everything that was called before it, and everything called later after it. */
  chain<T>(work: () => T | Promise<T>): Promise<T> {
    const result = this.#tail === undefined ? startNow(work) : this.#tail.then(work);
    const settled = result.then(noop, noop);
    this.#tail = settled;
    void settled.then(() => {
      if (this.#tail === settled) this.#tail = undefined;
    });
    return result;
  }

  /** Resolves when everything called so far has been applied. */
  async drained(): Promise<void> {
    await this.#tail;
  }
}

async function startNow<T>(work: () => T | Promise<T>): Promise<T> {
  return await work();
}

function noop(): undefined {
  return undefined;
}

/** Typed-array views cover whole 8-byte words; a few spare bytes save the views from ending early. */
export function padded(size: number): number {
  return Math.max(8, (size + 7) & ~7);
}
