/** Text for a terminal: values, columns, and nothing of the object that a terminal would obey. */

const MAX_VALUE = 96;

/** A value as JavaScript writes it, on one line and cut where it is long. */
export function show(value: unknown): string {
  const text = literal(value);
  return text.length <= MAX_VALUE ? text : `${text.slice(0, MAX_VALUE - 1)}…`;
}

function literal(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'bigint') return `${value}n`;
  if (value instanceof Uint8Array || value instanceof Int8Array) return `[${value.join(', ')}]`;
  if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value).map(([name, member]) => `${name}: ${literal(member)}`);
    return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`;
  }
  return Object.is(value, -0) ? '-0' : String(value);
}

/** Rows with their cells under one another; what is wider than `widest` pushes the rest of its row only. */
export function columns(rows: readonly (readonly string[])[], indent: string, widest = 44): string[] {
  const widths: number[] = [];
  for (const row of rows) {
    row.forEach((cell, at) => {
      if (cell.length <= widest) widths[at] = Math.max(widths[at] ?? 0, cell.length);
    });
  }
  return rows.map((row) => {
    const cells = row.map((cell, at) => cell.padEnd(widths[at] ?? 0));
    return `${indent}${cells.join('  ')}`.trimEnd();
  });
}

/** `text` in lines of at most 100 characters, broken at the blanks; all but the first are indented. */
export function wrapped(text: string, indent: string): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last === undefined) lines.push(indent + word);
    else if (last.length + 1 + word.length <= 100) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(indent + word);
  }
  return lines;
}
