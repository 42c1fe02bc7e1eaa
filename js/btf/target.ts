import type { ArrayTarget } from './arrays.ts';
import type { Shape } from './shape.ts';
import type { RowId } from './table.ts';

/**
 * What the checked conversions need to know of a shape.
 *
 * @param room bytes that a flexible array has: the padding that its struct ends with
 */
export function targetOf(shape: Shape, room = 0): ArrayTarget {
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
      return {
        ...target,
        row: rowOf(shape),
        signed: shape.as === 'Int8Array',
        length: shape.flexible ? room : shape.size,
      };
    case 'array':
      return {
        ...target,
        row: rowOf(shape),
        length: shape.flexible ? elementsIn(room, shape.element.size) : shape.length,
      };
    default:
      return target;
  }
}

function rowOf(shape: Shape): RowId {
  return shape.flexible ? 'flexible' : shape.row;
}

function elementsIn(room: number, size: number): number {
  return size === 0 ? 0 : Math.floor(room / size);
}
