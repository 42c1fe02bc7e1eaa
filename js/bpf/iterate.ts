import { BtfError, type Codec, codecOf, decodeUtf8, didYouMean, Views } from '../btf/mod.ts';
import { ops } from '../ops.ts';
import { list, named, show } from '../text.ts';
import { BpfError, finishNativeError } from './error.ts';
import { type Running, stopped } from './running.ts';

export interface IterateOptions {
  btf_struct?: unknown;
  bytes?: unknown;
}

/** Takes what the program writes apart. */
interface Splitter<T> {
  /** The items that are whole now. */
  push(chunk: Uint8Array): T[];
  /** What is left when the program has written all. */
  end(): T[];
}

/** Runs an iterator program over what it walks, and yields what it writes. Opening problems reject the first `next()`. */
export async function* iterateProgram(
  owner: Running,
  program: string,
  options: unknown,
): AsyncGenerator<unknown, void> {
  if (!owner.open) throw stopped(owner.id);
  const splitter = splitterFor(owner, program, options);
  const reading = ops.op_bpf_iter_open(owner.handle, program);
  try {
    for (;;) {
      const chunk = await ops.op_bpf_iter_next(reading).catch((error) => {
        throw finishNativeError(error);
      });
      const isLast = chunk.byteLength === 0;
      for (const item of isLast ? splitter.end() : splitter.push(chunk)) {
        if (!owner.open) throw stopped(owner.id);
        yield item;
      }
      if (isLast) return;
    }
  } finally {
    ops.op_bpf_iter_close(reading);
  }
}

function splitterFor(owner: Running, program: string, options: unknown): Splitter<unknown> {
  const fail = (problem: string): never => {
    throw new BpfError('InvalidOpts', `iterate('${program}', ...): ${problem}`, { program });
  };
  if (options === undefined) return new Lines();
  if (typeof options !== 'object' || options === null) {
    return fail(`options is ${show(options)}, but must be { btf_struct } or { bytes }`);
  }
  const unknown = Object.keys(options).find((name) => name !== 'btf_struct' && name !== 'bytes');
  if (unknown !== undefined) fail(`${unknown} is not an option here (the options are 'btf_struct', 'bytes')`);
  const { btf_struct: struct, bytes } = options as IterateOptions;
  if (bytes !== undefined && typeof bytes !== 'boolean') fail(`bytes is ${show(bytes)}, but must be true or false`);
  if (struct === undefined) return bytes === true ? chunks : new Lines();
  if (bytes === true) fail('btf_struct and bytes exclude each other; give one of them');
  if (typeof struct !== 'string') {
    return fail(`btf_struct is ${show(struct)}, but must be the name of a struct in the object's BTF`);
  }
  const id = owner.btf.findStruct(struct);
  if (id === undefined) {
    const structs = owner.btf.listStructs();
    return fail(
      `the BTF of ${owner.path} has no struct ${named(struct)}${didYouMean(struct, structs)} (it has ${list(structs) || 'no structs'})`,
    );
  }
  try {
    return new Records(program, struct, codecOf(owner.btf, id));
  } catch (error) {
    if (error instanceof BtfError) return fail(error.message);
    throw error;
  }
}

const chunks: Splitter<Uint8Array> = { push: (chunk) => [chunk], end: () => [] };

const NEWLINE = 10;

/** Lines of text, without their ends. */
class Lines implements Splitter<string> {
  #rest = new Uint8Array(0);

  push(chunk: Uint8Array): string[] {
    const bytes = joined(this.#rest, chunk);
    const lines: string[] = [];
    let start = 0;
    for (let end = bytes.indexOf(NEWLINE); end !== -1; end = bytes.indexOf(NEWLINE, start)) {
      lines.push(decodeUtf8(bytes, start, end));
      start = end + 1;
    }
    this.#rest = bytes.slice(start);
    return lines;
  }

  end(): string[] {
    return this.#rest.byteLength === 0 ? [] : [decodeUtf8(this.#rest, 0, this.#rest.byteLength)];
  }
}

/** Records of one type, one behind the other. */
class Records implements Splitter<Record<string, unknown>> {
  readonly #program: string;
  readonly #name: string;
  readonly #codec: Codec;
  #rest = new Uint8Array(0);

  constructor(program: string, name: string, codec: Codec) {
    this.#program = program;
    this.#name = name;
    this.#codec = codec;
  }

  push(chunk: Uint8Array): Record<string, unknown>[] {
    const bytes = joined(this.#rest, chunk);
    const views = new Views(bytes.buffer);
    const { size } = this.#codec;
    const records: Record<string, unknown>[] = [];
    let at = 0;
    for (; at + size <= bytes.byteLength; at += size) {
      records.push({ [this.#name]: this.#codec.decode(views, at, at + size) });
    }
    this.#rest = bytes.slice(at);
    return records;
  }

  end(): never[] {
    if (this.#rest.byteLength === 0) return [];
    throw new BpfError(
      'InvalidValue',
      `iterate('${this.#program}', ...): the program wrote ${this.#rest.byteLength} bytes behind the last whole ` +
        `struct ${this.#name} of ${this.#codec.size}; does it write another type, or text?`,
      { program: this.#program },
    );
  }
}

/** Both as one array with a buffer of its own. */
function joined(rest: Uint8Array, chunk: Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(rest.byteLength + chunk.byteLength);
  bytes.set(rest);
  bytes.set(chunk, rest.byteLength);
  return bytes;
}
