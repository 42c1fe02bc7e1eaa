import { type Btf, BtfError, type Codec, codecOf, Kind, ValueError, Views } from '../btf/mod.ts';
import { ops, type RunSpec } from '../ops.ts';
import { list, show } from '../text.ts';
import { BpfError, finishNativeError } from './error.ts';
import type { Running } from './running.ts';

export interface RunOptions {
  data?: unknown;
  ctx?: unknown;
  repeat?: unknown;
  cpu?: unknown;
}

export interface RunResult {
  returnValue: number;
  durationNs: number;
  data: Uint8Array | undefined;
  ctx: unknown;
}

const OPTIONS = ['data', 'ctx', 'repeat', 'cpu'];
const MAX_REPEAT = 2 ** 31 - 1;
const MAX_CPU = 2 ** 16;

/** Runs a program by hand. `ctx` given as a value goes in, and comes back, as the type of the program's argument. */
export async function runProgram(owner: Running, program: string, options: unknown): Promise<RunResult> {
  const call = new RunCall(owner, program, options);
  const ran = await ops.op_bpf_run(owner.handle, program, call.spec).catch((error) => {
    throw finishNativeError(error);
  });
  return {
    returnValue: ran.returnValue,
    durationNs: ran.durationNs,
    data: ran.data ?? undefined,
    ctx: ran.ctx === null ? undefined : call.lowerCtx(ran.ctx),
  };
}

class RunCall {
  readonly spec: RunSpec;
  readonly #owner: Running;
  readonly #program: string;
  /** The type of the program's argument, where `ctx` was given as a value of it. */
  #codec: Codec | undefined;

  constructor(owner: Running, program: string, options: unknown) {
    this.#owner = owner;
    this.#program = program;
    const given = this.#checked(options);
    const data = given.data === undefined ? null : this.#bytes('data', given.data);
    this.spec = {
      data,
      ctx: given.ctx === undefined ? null : this.#liftCtx(given.ctx, data),
      repeat: this.#integer('repeat', given.repeat, 1, MAX_REPEAT),
      cpu: this.#integer('cpu', given.cpu, 0, MAX_CPU),
    };
  }

  /** The argument as the program left it. */
  lowerCtx(bytes: Uint8Array): unknown {
    const codec = this.#codec;
    if (codec === undefined) return bytes;
    const copy = new Uint8Array(Math.max(bytes.byteLength, codec.size));
    copy.set(bytes);
    return codec.decode(new Views(copy.buffer), 0, bytes.byteLength);
  }

  #checked(options: unknown): RunOptions {
    if (options === undefined) return {};
    if (typeof options !== 'object' || options === null) {
      return this.#fail(`options is ${show(options)}, but must be an object with ${list(OPTIONS)}`);
    }
    const unknown = Object.keys(options).find((name) => !OPTIONS.includes(name));
    if (unknown !== undefined) this.#fail(`${unknown} is not an option here (the options are ${list(OPTIONS)})`);
    return options as RunOptions;
  }

  #integer(name: string, value: unknown, min: number, max: number): number | null {
    if (value === undefined) return null;
    if (typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max) return value;
    return this.#fail(`${name} is ${show(value)}, but must be a whole number from ${min} to ${max}`);
  }

  /** A copy: the program runs on another thread, and what it is given must not change meanwhile. */
  #bytes(name: string, value: unknown): Uint8Array {
    const bytes = this.#copy(name, value);
    if (bytes !== undefined) return bytes;
    if (Array.isArray(value)) {
      return Uint8Array.from(value, (byte, index) => {
        if (Number.isInteger(byte) && byte >= 0 && byte <= 255) return byte as number;
        return this.#fail(`${name}[${index}] is ${show(byte)}, but must be a byte, 0 to 255`);
      });
    }
    return this.#fail(
      `${name} is ${show(value)}, but must be bytes: a Uint8Array, an ArrayBuffer or an array of numbers up to 255`,
    );
  }

  #liftCtx(value: unknown, data: Uint8Array | null): Uint8Array {
    const bytes = this.#copy('ctx', value);
    if (bytes !== undefined) return bytes;
    if (Array.isArray(value)) return this.#words(value);
    if (typeof value !== 'object' || value === null) {
      return this.#fail(
        `ctx is ${show(value)}, but must be a value of the program's argument, an array of 64-bit words, or bytes`,
      );
    }
    const codec = this.#argumentCodec();
    this.#codec = codec;
    // The kernel wants to be told where the packet ends; a caller who says nothing means all of it.
    const isXdp = codec.typeName === 'struct xdp_md' && data !== null && !Object.hasOwn(value, 'data_end');
    const given = isXdp ? { ...value, data_end: data.byteLength } : value;
    const out = new Uint8Array(codec.size);
    try {
      codec.encode(new Views(out.buffer), 0, given, 'ctx');
    } catch (error) {
      if (error instanceof ValueError) throw this.#error('InvalidValue', error.message);
      throw error;
    }
    return out;
  }

  /** The arguments of a raw tracepoint. */
  #words(values: readonly unknown[]): Uint8Array {
    const words = BigUint64Array.from(values, (value, index) => {
      const word = typeof value === 'number' && Number.isSafeInteger(value) ? BigInt(value) : value;
      if (typeof word === 'bigint' && word >= -(2n ** 63n) && word < 2n ** 64n) return BigInt.asUintN(64, word);
      return this.#fail(`ctx[${index}] is ${show(value)}, but must be a BigInt or whole number of 64 bits`);
    });
    return new Uint8Array(words.buffer);
  }

  #argumentCodec(): Codec {
    const { btf, path } = this.#owner;
    const type = argumentType(btf, this.#program);
    try {
      if (type !== undefined) return codecOf(btf, type);
    } catch (error) {
      if (!(error instanceof BtfError)) throw error;
    }
    return this.#fail(
      `the BTF of ${path} does not tell the type of its argument; give ctx as bytes or as an array of 64-bit words`,
    );
  }

  /** A copy of what holds bytes; undefined for anything else. */
  #copy(name: string, value: unknown): Uint8Array | undefined {
    try {
      return bytesOf(value);
    } catch {
      return this.#fail(`${name} is ${show(value)} whose buffer is gone: it was transferred elsewhere`);
    }
  }

  #fail(problem: string): never {
    throw this.#error('InvalidOpts', problem);
  }

  #error(kind: 'InvalidOpts' | 'InvalidValue', problem: string): BpfError {
    return new BpfError(kind, `run('${this.#program}', ...): ${problem}`, { program: this.#program });
  }
}

function bytesOf(value: unknown): Uint8Array | undefined {
  if (value instanceof ArrayBuffer) return new Uint8Array(value.slice(0));
  if (ArrayBuffer.isView(value)) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength).slice();
  return undefined;
}

/** The struct that the program's one parameter points to. */
function argumentType(btf: Btf, program: string): number | undefined {
  const func = btf.findFunction(program);
  const parameter = func === undefined ? undefined : btf.parameters(btf.target(func))[0];
  if (parameter === undefined) return undefined;
  const pointer = btf.resolve(parameter);
  if (btf.kind(pointer) !== Kind.PTR) return undefined;
  const target = btf.resolve(btf.target(pointer));
  return btf.kind(target) === Kind.STRUCT || btf.kind(target) === Kind.UNION ? target : undefined;
}
