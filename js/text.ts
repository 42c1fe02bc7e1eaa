/** Wording shared by the error messages. */

/** `value` as a person would write it in a script, short enough for one line of a message. */
export function show(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return clip(JSON.stringify(value));
    case 'bigint':
      return clip(`${value}n`);
    case 'function':
      return `function ${value.name || '(anonymous)'}`;
    case 'symbol':
      return value.toString();
    case 'object':
      return value === null ? 'null' : showObject(value);
    default:
      return String(value);
  }
}

function showObject(value: object): string {
  if (Array.isArray(value)) return `an array of ${value.length}`;
  // A proxy or a getter may throw here; the message about the argument matters more.
  try {
    const name = (value as { constructor?: { name?: unknown } }).constructor?.name;
    if (typeof name === 'string' && name !== '' && name !== 'Object') return `a ${clip(name)}`;
    return `an object with ${list(Object.keys(value).slice(0, 6)) || 'no members'}`;
  } catch {
    return 'an object';
  }
}

function clip(text: string): string {
  return text.length <= 60 ? text : `${text.slice(0, 57)}...`;
}

/** `'a', 'b', 'c'`; long lists end with how many more there are. */
export function list(names: readonly string[]): string {
  const shown = names.slice(0, 20).map((name) => `'${name}'`);
  return names.length > 20 ? `${shown.join(', ')} and ${names.length - 20} more` : shown.join(', ');
}
