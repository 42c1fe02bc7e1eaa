import { BtfError, type Codec, codecOf, decodeUtf8, Views } from '../btf/mod.ts';
import { ops } from '../ops.ts';
import { named, show } from '../text.ts';
import { BpfError, finishNativeError } from './error.ts';
import { noSuchStruct } from './no_such_struct.ts';
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

/** The cursor in native code of one walk; undefined before it begins and after it ends. */
interface Cursor {
  reading: number | undefined;
}

/** A walk that its script lost without ending it still has its cursor, which is a descriptor. */
const abandoned = new FinalizationRegistry<Cursor>(close);

/** Runs an iterator program over what it walks, and yields what it writes. Opening problems reject the first `next()`. */
export function iterateProgram(owner: Running, program: string, options: unknown): AsyncGenerator<unknown, void> {
  const cursor: Cursor = { reading: undefined };
  const items = walk(owner, program, options, cursor);
  abandoned.register(items, cursor);
  return items;
}

async function* walk(owner: Running, program: string, options: unknown, cursor: Cursor): AsyncGenerator<unknown, void> {
  if (!owner.open) throw stopped(owner.id);
  const splitter = splitterFor(owner, program, options);
  const reading = ops.op_bpf_iter_open(owner.handle, program);
  cursor.reading = reading;
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
    close(cursor);
  }
}

function close(cursor: Cursor): void {
  if (cursor.reading !== undefined) ops.op_bpf_iter_close(cursor.reading);
  cursor.reading = undefined;
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
  if (id === undefined) return fail(noSuchStruct(owner.path, owner.btf, struct));
  try {
    const codec = codecOf(owner.btf, id);
    if (codec.size === 0) fail(`struct ${named(struct)} has no bytes, so a program cannot write one`);
    return new Records(program, struct, codec);
  } catch (error) {
    if (error instanceof BtfError) return fail(error.message);
    throw error;
  }
}

const chunks: Splitter<Uint8Array> = { push: (chunk) => [chunk], end: () => [] };

const NEWLINE = 10;

/** Lines of text, without their ends. */
class Lines implements Splitter<string> {
  /** The line that has no end yet. Not joined before it has one: a line may take many chunks. */
  #parts: Uint8Array[] = [];

  push(chunk: Uint8Array): string[] {
    const lines: string[] = [];
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, start)) {
      this.#parts.push(chunk.subarray(start, end));
      lines.push(this.#line());
      start = end + 1;
    }
    if (start < chunk.byteLength) this.#parts.push(chunk.subarray(start));
    return lines;
  }

  end(): string[] {
    return this.#parts.length === 0 ? [] : [this.#line()];
  }

  #line(): string {
    const bytes = joined(this.#parts);
    this.#parts = [];
    return decodeUtf8(bytes, 0, bytes.byteLength);
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
    const bytes = joined([this.#rest, chunk]);
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

/** All as one array with a buffer of its own. */
function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(parts.reduce((size, part) => size + part.byteLength, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.byteLength;
  }
  return bytes;
}
