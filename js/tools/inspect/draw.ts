import { Kind, MAX_DEPTH } from '../../btf/format.ts';
import type { Btf } from '../../btf/mod.ts';
import { declarationOf } from '../../btf/names.ts';
import type { Values } from '../types/values.ts';

/** One line of a struct as C writes it. */
export interface Line {
  /** `__u16 dscp : 6;`, `union {`, `} at;` */
  readonly c: string;
  /** How deep it is nested in structs without a name, from 0. */
  readonly level: number;
  /** Bytes from the start of the whole struct; for a bit field those before its first bit. Null for a closing brace. */
  readonly offset: number | null;
  /** The type that reading the member gives; null where it gives none of its own. */
  readonly ts: string | null;
}

/** Lines beyond these many are left out: structs without a name inside one another may double with every level. */
const MAX_LINES = 4096;

/** The members of a struct or union. */
export function drawMembers(btf: Btf, id: number, values: Values): Line[] {
  const lines: Line[] = [];
  draw(btf, btf.resolve(id), values, 0, 0, lines);
  return lines;
}

function draw(btf: Btf, id: number, values: Values, level: number, start: number, lines: Line[]): void {
  for (const { name, typeId, bitOffset, bitSize } of btf.members(id)) {
    if (lines.length >= MAX_LINES) return;
    const offset = start + Math.floor(bitOffset / 8);
    const nested = nameless(btf, typeId);
    if (nested === undefined || level >= MAX_DEPTH) {
      const width = bitSize === 0 ? '' : ` : ${bitSize}`;
      lines.push({ c: `${declarationOf(btf, typeId, name)}${width};`, level, offset, ts: values.type(typeId) });
      continue;
    }
    lines.push({ c: `${btf.kind(nested) === Kind.UNION ? 'union' : 'struct'} {`, level, offset, ts: null });
    draw(btf, nested, values, level + 1, offset, lines);
    lines.push({ c: `}${name === '' ? '' : ` ${name}`};`, level, offset: null, ts: null });
  }
}

/** The struct or union without a name that the type itself is. */
function nameless(btf: Btf, typeId: number): number | undefined {
  const kind = btf.kind(typeId);
  return (kind === Kind.STRUCT || kind === Kind.UNION) && btf.name(typeId) === '' ? typeId : undefined;
}
