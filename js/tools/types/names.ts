/** Names of C in TypeScript: identifiers, property names and comments, whatever characters the object has. */

/** What an interface cannot be called, or must not because the declarations use the name themselves. */
const TAKEN: ReadonlySet<string> = new Set(
  `any unknown never void null undefined string number boolean symbol object bigint globalThis intrinsic
  break case catch class const continue debugger default delete do else enum export extends false finally for function if import in
  instanceof new return super switch this throw true try typeof var while with
  implements interface let package private protected public static yield await arguments eval
  keyof infer readonly unique asserts
  Int8Array Uint8Array Record BpfObject Union Types`.split(/\s+/),
);

/** Characters; names of generic Rust types can be very long, and each may be repeated many times. */
const MAX_LENGTH = 120;

const IDENTIFIER = /^[A-Za-z_$][\w$]*$/;

/** Hands out identifiers, each once. */
export class Identifiers {
  readonly #used = new Set<string>(TAKEN);
  /** The last number behind each name that several things have. */
  readonly #last = new Map<string, number>();

  /** An identifier that is `name` where that can be. */
  take(name: string): string {
    let base = name.replaceAll(/[^\w$]+/g, '_').replace(/^(?=\d)|^$/, '_');
    if (TAKEN.has(base)) base += '_';
    base = base.slice(0, MAX_LENGTH);
    let found = base;
    for (let n = this.#last.get(base) ?? 2; this.#used.has(found); n++) {
      found = `${base}_${n}`;
      this.#last.set(base, n + 1);
    }
    this.#used.add(found);
    return found;
  }
}

/** `name` as the name of a property. */
export function property(name: string): string {
  return IDENTIFIER.test(name) ? name : quoted(name);
}

/** `text` as a string literal on one line. */
export function quoted(text: string): string {
  const inside = JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'");
  return `'${inside.replaceAll(/[\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, escaped)}'`;
}

/** `text` as a comment on one line, which nothing in it ends early. */
export function comment(text: string): string {
  const clipped = text.length <= 2 * MAX_LENGTH ? text : `${text.slice(0, 2 * MAX_LENGTH)}…`;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: what a terminal or an editor would obey
  const plain = clipped.replaceAll(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, escaped);
  return `/** ${plain.replaceAll('*/', '*\\/')} */`;
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
