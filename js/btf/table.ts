/**
 * Which JavaScript value stands for which C type: the one source of what the generated code accepts (its error messages quote `write`)
 * and of `docs/btf-to-js.md`.
 */
export interface Row {
  /** The C types, as Markdown. */
  readonly c: string;
  /** What reading gives. */
  readonly read: string;
  /** What writing takes; follows "takes" in error messages. */
  readonly write: string;
  /** A C declaration, and the JavaScript value that reading it gives. */
  readonly example: readonly [c: string, js: string];
}

export const table = {
  int: {
    c: 'integers up to 32 bits, a single `char`',
    read: 'number',
    write: 'a number, or a BigInt in range',
    example: ['__u16 port = 443;', '443'],
  },
  long: {
    c: 'integers of 64 bits (and of 33 to 64)',
    read: 'BigInt',
    write: 'a BigInt, or a safe-integer number',
    example: ['__u64 ts = 5;', '5n'],
  },
  int128: {
    c: 'integers of more than 64 bits (`__int128`)',
    read: 'BigInt',
    write: 'a BigInt',
    example: ['unsigned __int128 id = 5;', '5n'],
  },
  bool: {
    c: '`bool`',
    read: 'boolean (any bit set is `true`)',
    write: 'true, false, 0 or 1',
    example: ['bool ok = 1;', 'true'],
  },
  enum: {
    c: '`enum` of up to 32 bits',
    read: 'number',
    write: 'a number, or a BigInt in range',
    example: ['enum { PASS, DROP } v = DROP;', '1'],
  },
  enum64: {
    c: '`enum` of 64 bits',
    read: 'BigInt',
    write: 'a BigInt, or a safe-integer number',
    example: ['enum big { TOP = 1ULL << 40 } v = TOP;', '1099511627776n'],
  },
  pointer: {
    c: 'pointers',
    read: 'BigInt (the address)',
    write: 'a BigInt, or a safe-integer number',
    example: ['void *p = 0;', '0n'],
  },
  float: {
    c: '`float`, `double`',
    read: 'number',
    write: 'a number',
    example: ['double load = 0.5;', '0.5'],
  },
  floatBytes: {
    c: 'floats of other sizes (`_Float16`, `__float128`)',
    read: '`Uint8Array` of the stored bytes, a copy',
    write: 'a Uint8Array or an array of bytes',
    example: ['_Float16 h = 1;', 'Uint8Array [0, 60]'],
  },
  chars: {
    c: '`char[N]`',
    read: 'string up to the first NUL, UTF-8; faulty bytes become U+FFFD',
    write: 'a string that fits, a Uint8Array or an array of bytes',
    example: ['char comm[16] = "bash";', '"bash"'],
  },
  bytes: {
    c: '`__u8[N]`, `unsigned char[N]`',
    read: '`Uint8Array`, a copy',
    write: 'a Uint8Array, an array of bytes, or a string that fits',
    example: ['__u8 mac[6] = {2};', 'Uint8Array [2, 0, 0, 0, 0, 0]'],
  },
  signedBytes: {
    c: '`__s8[N]`, `signed char[N]`',
    read: '`Int8Array`, a copy',
    write: 'an Int8Array, an array of bytes, or a string that fits',
    example: ['__s8 d[2] = {-1, 1};', 'Int8Array [-1, 1]'],
  },
  array: {
    c: 'other arrays, nested for several dimensions',
    read: 'Array',
    write: 'an array or a typed array, at most as long',
    example: ['int a[2][2] = {{1, 2}, {3, 4}};', '[[1, 2], [3, 4]]'],
  },
  flexible: {
    c: 'flexible array (`T x[]`, `T x[0]`) at the end',
    read: 'the whole elements that the record carries, as the array row for `T` says',
    write: 'no more elements than fit before the end of the type, usually none',
    example: ['__u32 stack[]; /* 2 came */', '[1, 2]'],
  },
  struct: {
    c: '`struct`; anonymous members count as members of the outer type',
    read: 'plain object',
    write: 'an object; missing members are zero, unknown members reject',
    example: ['struct { int a; struct { int b; }; } s;', '{ a: 0, b: 0 }'],
  },
  union: {
    c: '`union`',
    read: 'plain object with every member',
    write: 'an object with exactly one member',
    example: ['union { __u32 v4; __u8 b[4]; } u;', '{ v4: 0, b: Uint8Array [0, 0, 0, 0] }'],
  },
  bitField: {
    c: 'bit field',
    read: 'as its integer, `bool` or enum',
    write: 'as its integer, `bool` or enum, checked against its width',
    example: ['__u32 dscp : 6;', '46'],
  },
  transparent: {
    c: '`const`, `volatile`, `restrict`, typedef, type tag',
    read: 'the type below',
    write: 'as the type below',
    example: ['volatile const __u32 pid = 7;', '7'],
  },
  none: {
    c: 'function, `void`, forward declaration',
    read: '`undefined` member',
    write: 'nothing: it has no value',
    example: ['struct unknown_here x;', 'undefined'],
  },
} as const satisfies Record<string, Row>;

export type RowId = keyof typeof table;
