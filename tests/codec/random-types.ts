import { Kind } from '../../js/btf/format.ts';
import { BtfBuilder, type MemberSpec } from './btf-builder.ts';
import type { Random } from './random.ts';

/** A type that {@link RandomTypes} made. */
export interface MadeType {
  readonly id: number;
  readonly size: number;
  readonly align: number;
}

const MAX_DEPTH = 4;

/** Names that have broken generated code somewhere: of Object's members, of the generator's variables, of no identifier at all. */
const NAMES = [
  ...[
    'a',
    'b',
    'pid',
    'ts',
    'comm',
    'addr',
    'value',
    'v',
    'o',
    'e',
    'x',
    'p',
    'u8',
    'u32',
    'dv',
    'c0',
    'y1',
    'n0',
    'h',
    'sink',
  ],
  ...['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf', 'prototype', 'length', 'then', 'toJSON'],
  ...['class', 'function', 'return', 'await', 'arguments', 'eval', 'undefined', 'NaN', 'null', 'this'],
  ...[
    '0',
    '7',
    '-1',
    '1e3',
    'a b',
    'a.b',
    '$',
    '"',
    "'",
    '`$' + '{x}`',
    '\\',
    '*/',
    '//',
    '\u2028',
    'größe',
    '名',
    '"]; throw 1; ["',
  ],
];

/** Builds random types: every kind, natural, packed and over-aligned layouts, bit fields anywhere, anonymous members, modifiers between. */
export class RandomTypes {
  readonly builder = new BtfBuilder();
  readonly #random: Random;

  constructor(random: Random) {
    this.#random = random;
  }

  /** A struct or union, now and then any other type. */
  top(): MadeType {
    return this.#random.once(8) ? this.type(0) : this.struct(0, this.#random.once(6), 'top', true);
  }

  type(depth: number): MadeType {
    const random = this.#random;
    const made =
      depth >= MAX_DEPTH || random.below(10) < 6
        ? this.scalar()
        : random.once(2)
          ? this.array(depth)
          : this.nested(depth);
    return random.once(3) ? { ...made, id: this.modified(made.id) } : made;
  }

  scalar(): MadeType {
    const random = this.#random;
    const { builder } = this;
    switch (random.below(8)) {
      case 0:
        return { id: builder.int('_Bool', 1, 4), size: 1, align: 1 };
      case 1: {
        const size = random.pick([4, 8, 2, 16]);
        return { id: builder.float('real', size), size, align: size };
      }
      case 2:
        return { id: builder.ptr(0), size: 8, align: 8 };
      case 3: {
        const size = random.pick([1, 2, 4, 8]);
        return { id: builder.enum('verdict', size, { PASS: 0, DROP: 1 }, random.once(2)), size, align: size };
      }
      case 4:
        return { id: builder.enum64('huge', { TOP: 1n << 40n }, random.once(2)), size: 8, align: 8 };
      case 5: {
        // Sizes that no C compiler makes but BTF can say.
        const size = 1 + random.below(16);
        return { id: builder.int('odd', size, random.below(2)), size, align: 1 };
      }
      default: {
        const size = random.pick([1, 2, 4, 4, 8, 8, 16]);
        const name = size === 1 ? random.pick(['char', 'unsigned char', 'signed char']) : `int${size * 8}`;
        return { id: builder.int(name, size, random.below(2)), size, align: size };
      }
    }
  }

  array(depth: number): MadeType {
    const random = this.#random;
    const element = random.once(3) ? this.byte() : this.type(depth + 1);
    const length = random.once(6) ? 0 : 1 + random.below(random.once(4) ? 40 : 9);
    return { id: this.builder.array(element.id, length), size: element.size * length, align: element.align };
  }

  byte(): MadeType {
    const name = this.#random.pick(['char', 'unsigned char', 'signed char']);
    return { id: this.builder.int(name, 1, name === 'unsigned char' ? 0 : 1), size: 1, align: 1 };
  }

  nested(depth: number): MadeType {
    return this.struct(depth + 1, this.#random.once(3), 'inner', false);
  }

  struct(depth: number, union: boolean, name: string, mayBeFlexible: boolean): MadeType {
    const random = this.#random;
    const members: MemberSpec[] = [];
    const used = new Set<string>();
    const packed = random.once(4);
    let bit = 0;
    let most = 0;
    let align = 1;
    const count = random.once(12) ? 0 : 1 + random.below(random.once(5) ? 20 : 6);
    for (let i = 0; i < count; i++) {
      if (union) bit = 0;
      const isBits = random.once(5);
      if (isBits) {
        const { id, size } = this.bitType();
        const bits = 1 + random.below(size * 8);
        if (random.once(4)) bit += random.below(7);
        members.push({ name: this.fresh(used), type: id, offset: bit, bits });
        bit += bits;
        align = Math.max(align, packed ? 1 : Math.min(size, 16));
      } else {
        const made = this.type(depth);
        if (!packed) align = Math.max(align, made.align);
        bit = Math.ceil(bit / 8) * 8;
        if (!packed) bit = Math.ceil(bit / (made.align * 8)) * made.align * 8;
        if (random.once(10)) bit += 8 * random.below(5) * (packed ? 1 : made.align);
        members.push({ name: this.fresh(used), type: made.id, offset: bit });
        bit += made.size * 8;
      }
      most = Math.max(most, bit);
      if (random.once(8) && depth < MAX_DEPTH) {
        const inner = this.anonymous(depth, used);
        bit = union ? 0 : Math.ceil(bit / 8 / inner.align) * inner.align * 8;
        members.push({ name: '', type: inner.id, offset: bit });
        bit += inner.size * 8;
        align = Math.max(align, inner.align);
        most = Math.max(most, bit);
      }
    }
    if (mayBeFlexible && !union && random.once(5)) {
      const element = random.once(2) ? this.byte() : this.type(MAX_DEPTH);
      bit = Math.ceil(most / 8 / element.align) * element.align * 8;
      members.push({ name: this.fresh(used), type: this.builder.array(element.id, 0), offset: bit });
      most = Math.max(most, bit);
    }
    if (random.once(10)) align *= 2;
    const size = packed ? Math.ceil(most / 8) : Math.ceil(most / 8 / align) * align;
    const id = union ? this.builder.union(name, size, members) : this.builder.struct(name, size, members);
    return { id, size, align: packed ? 1 : align };
  }

  /** Members of an anonymous struct share their names with the owner, as C wants them to differ. */
  anonymous(depth: number, used: Set<string>): MadeType {
    const random = this.#random;
    const members: MemberSpec[] = [];
    const union = random.once(2);
    let size = 0;
    for (let i = 1 + random.below(3); i > 0; i--) {
      const made = random.once(6) && depth + 1 < MAX_DEPTH ? this.anonymous(depth + 1, used) : undefined;
      const member = made ?? this.type(depth + 1);
      members.push({ name: made === undefined ? this.fresh(used) : '', type: member.id, offset: union ? 0 : size * 8 });
      size = union ? Math.max(size, member.size) : size + member.size;
    }
    const id = union ? this.builder.union('', size, members) : this.builder.struct('', size, members);
    return { id, size, align: 1 };
  }

  bitType(): { id: number; size: number } {
    const random = this.#random;
    const { builder } = this;
    if (random.once(6)) return { id: builder.int('_Bool', 1, 4), size: 1 };
    const size = random.pick([1, 2, 4, 4, 8, 16]);
    if (random.once(6) && size <= 8) return { id: builder.enum('verdict', size, { PASS: 0 }, random.once(2)), size };
    return { id: builder.int(`int${size * 8}`, size, random.below(2)), size };
  }

  modified(id: number): number {
    let at = id;
    for (let i = 1 + this.#random.below(3); i > 0; i--) {
      const kind = this.#random.pick([Kind.TYPEDEF, Kind.CONST, Kind.VOLATILE, Kind.RESTRICT, Kind.TYPE_TAG]);
      at = this.builder.modifier(kind, at, kind === Kind.TYPEDEF ? 'alias' : '');
    }
    return at;
  }

  fresh(used: Set<string>): string {
    for (;;) {
      const name = this.#random.once(3) ? this.#random.pick(NAMES) : `m${used.size}`;
      if (used.has(name)) continue;
      used.add(name);
      return name;
    }
  }
}
