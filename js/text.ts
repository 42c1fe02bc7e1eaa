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

/** `text` without what a terminal would take for a command: control characters are written as in a string of JavaScript. */
export function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must go
  return text.replace(/[\0-\x08\x0b-\x1f\x7f-\x9f]/g, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
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
