import { BtfError } from './errors.ts';
import type { Choice, Field, Shape, UnionGroup } from './shape.ts';

/** Flattened members beyond this many are refused: C has no such type, and copying them up level by level would not end. */
const MAX_FIELDS = 1 << 16;

export interface Member {
  /** `''` for an anonymous struct or union. */
  readonly name: string;
  readonly offset: number;
  readonly shape: Shape;
}

/**
 * Lifts the members of anonymous structs and unions into their owner, as C does, and notes for each which alternative of which union it
 * belongs to. Of two members with one name, which no C compiler lets through, the later one stays.
 */
export function flatten(kind: 'struct' | 'union', members: readonly Member[], owner: string) {
  const unions: UnionGroup[] = kind === 'union' ? [{ required: true }] : [];
  const fields = new Map<string, Field>();
  let copied = 0;
  members.forEach((member, index) => {
    const choices: readonly Choice[] = kind === 'union' ? [{ union: 0, alternative: index }] : [];
    const last = kind === 'union' || index === members.length - 1;
    const { shape } = member;
    const lifted: Field[] = [];
    if (member.name === '' && (shape.kind === 'struct' || shape.kind === 'union')) {
      const base = unions.length;
      for (const _ of shape.unions) unions.push({ required: false });
      for (const field of shape.fields) {
        lifted.push({
          ...field,
          offset: member.offset + field.offset,
          choices: [...choices, ...field.choices.map((choice) => ({ ...choice, union: base + choice.union }))],
          last: last && field.last,
        });
      }
    } else {
      lifted.push({ ...member, choices, last });
    }
    copied += lifted.length;
    if (copied > MAX_FIELDS || unions.length > MAX_FIELDS)
      throw new BtfError(`${owner} has more than ${MAX_FIELDS} members`);
    for (const field of lifted) fields.set(field.name, field);
  });
  return { fields: [...fields.values()], unions };
}
