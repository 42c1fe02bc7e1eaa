import type { Shape } from '../../js/btf/shape.ts';

/**
 * A decoded value as an expression that TypeScript checks member by member: what the declarations have too much or too little is an error.
 * Where a union is expected, `union({ … })` stands for all of its members.
 */
export function literal(shape: Shape, value: unknown): string {
  switch (shape.kind) {
    case 'bytes':
      if (shape.as === 'string') return JSON.stringify(value);
      return `new ${shape.as}([${(value as Uint8Array).join(', ')}])`;
    case 'array':
      return `[${(value as unknown[]).map((element) => literal(shape.element, element)).join(', ')}]`;
    case 'struct':
    case 'union': {
      const members = shape.fields.map(({ name, shape: member }) => {
        return `${JSON.stringify(name)}: ${literal(member, (value as Record<string, unknown>)[name])}`;
      });
      return shape.kind === 'union' ? `union({ ${members.join(', ')} })` : `{ ${members.join(', ')} }`;
    }
    default:
      return typeof value === 'bigint' ? `${value}n` : String(value);
  }
}
