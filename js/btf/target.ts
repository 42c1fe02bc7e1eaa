import type { ArrayTarget } from './arrays.ts';
import type { Shape } from './shape.ts';
import type { RowId } from './table.ts';

/** What the checked conversions need to know of a shape. */
export function targetOf(shape: Shape): ArrayTarget {
  const target = { row: shape.row, name: shape.name, bits: shape.size * 8, signed: false, length: 0 };
  switch (shape.kind) {
    case 'int':
      return { ...target, signed: shape.signed };
    case 'bits': {
      const row = ({ number: 'int', bigint: 'long', boolean: 'bool' } as const satisfies Record<string, RowId>)[
        shape.value
      ];
      return { ...target, row, bits: shape.width, signed: shape.signed };
    }
    case 'bytes':
      return { ...target, row: rowOf(shape), signed: shape.as === 'Int8Array', length: shape.size };
    case 'array':
      return { ...target, row: rowOf(shape), length: shape.length };
    default:
      return target;
  }
}

function rowOf(shape: Shape): RowId {
  return shape.flexible ? 'flexible' : shape.row;
}
