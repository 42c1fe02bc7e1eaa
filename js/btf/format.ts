/** Constants of the BTF file format, as in the kernel's `include/uapi/linux/btf.h`. */

export const Kind = {
  VOID: 0,
  INT: 1,
  PTR: 2,
  ARRAY: 3,
  STRUCT: 4,
  UNION: 5,
  ENUM: 6,
  FWD: 7,
  TYPEDEF: 8,
  VOLATILE: 9,
  CONST: 10,
  RESTRICT: 11,
  FUNC: 12,
  FUNC_PROTO: 13,
  VAR: 14,
  DATASEC: 15,
  FLOAT: 16,
  DECL_TAG: 17,
  TYPE_TAG: 18,
  ENUM64: 19,
} as const;

/** Bytes that follow the 12 bytes of every type: `fixed` once, `each` once per `vlen`. A BTF with a layout section says it itself. */
export interface KindLayout {
  readonly fixed: number;
  readonly each: number;
}

/** The kinds of the classic format, by number. */
export const CLASSIC_LAYOUTS: readonly KindLayout[] = [
  { fixed: 0, each: 0 }, // void, never stored
  { fixed: 4, each: 0 }, // INT: encoding, offset, bits
  { fixed: 0, each: 0 }, // PTR
  { fixed: 12, each: 0 }, // ARRAY: element type, index type, length
  { fixed: 0, each: 12 }, // STRUCT: name, type, offset
  { fixed: 0, each: 12 }, // UNION
  { fixed: 0, each: 8 }, // ENUM: name, value
  { fixed: 0, each: 0 }, // FWD
  { fixed: 0, each: 0 }, // TYPEDEF
  { fixed: 0, each: 0 }, // VOLATILE
  { fixed: 0, each: 0 }, // CONST
  { fixed: 0, each: 0 }, // RESTRICT
  { fixed: 0, each: 0 }, // FUNC
  { fixed: 0, each: 8 }, // FUNC_PROTO: name, type
  { fixed: 4, each: 0 }, // VAR: linkage
  { fixed: 0, each: 12 }, // DATASEC: type, offset, size
  { fixed: 0, each: 0 }, // FLOAT
  { fixed: 4, each: 0 }, // DECL_TAG: component
  { fixed: 0, each: 0 }, // TYPE_TAG
  { fixed: 0, each: 12 }, // ENUM64: name, low half, high half
];

export const MAGIC = 0xeb9f;
export const TYPE_BYTES = 12;
export const HEADER_BYTES = 24;
/** Header of a BTF that carries the sizes of its own kinds. */
export const HEADER_BYTES_WITH_LAYOUT = 32;

/** Bits of an INT's encoding. */
export const IntEncoding = { SIGNED: 1, CHAR: 2, BOOL: 4 } as const;

/** Longest chain of typedefs and qualifiers, and deepest nesting of types, that is followed. The kernel has the same limit. */
export const MAX_DEPTH = 32;
