/** Wording shared by the error messages. */

/** `value` as a person would write it in a script, short enough for one line of a message. */
export function show(value: unknown): string {
  try {
    return describe(value);
  } catch {
    // A proxy or a getter of the script threw; the message about the argument matters more.
    return typeof value === 'function' ? 'a function' : 'an object';
  }
}

function describe(value: unknown): string {
  if (typeof value === 'string') return clip(JSON.stringify(value));
  if (typeof value === 'bigint') return clip(`${value}n`);
  if (typeof value === 'function') return `function ${value.name || '(anonymous)'}`;
  if (typeof value !== 'object' || value === null) return String(value);
  if (Array.isArray(value)) return `an array of ${value.length}`;
  const name = (value as { constructor?: { name?: unknown } }).constructor?.name;
  if (typeof name === 'string' && name !== '' && name !== 'Object') {
    return `${/^[AEIOU]/.test(name) ? 'an' : 'a'} ${clip(name)}`;
  }
  return `an object with ${list(Object.keys(value).slice(0, 6)) || 'no members'}`;
}

/** A name that a script gave, in quotes and short enough for a message. */
export function named(name: string): string {
  return `'${clip(name)}'`;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const DANGEROUS = /[\0-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** Makes text with names from an object fit for a terminal, as `printable` of `crates/yeet-bpf` does: `\x1b` becomes four characters. */
export function printable(text: string): string {
  return text.replace(DANGEROUS, (character) => {
    const code = character.charCodeAt(0);
    return code < 0x80 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`;
  });
}

/** As much of a text as a message has room for. */
export function clip(text: string): string {
  return text.length <= 60 ? text : `${text.slice(0, 57)}...`;
}

/** `'a', 'b', 'c'`; long lists end with how many more there are. */
export function list(names: readonly string[]): string {
  const shown = names.slice(0, 20).map(named);
  return names.length > 20 ? `${shown.join(', ')} and ${names.length - 20} more` : shown.join(', ');
}
