import { Kind, MAGIC } from '../../js/btf/format.ts';

export interface MemberSpec {
  readonly name: string;
  readonly type: number;
  /** In bits. */
  readonly offset: number;
  /** Width of a bit field. */
  readonly bits?: number;
}

/** Writes BTF by hand: every method appends one type and returns its id. Nothing is checked, so that hostile BTF can be written too. */
export class BtfBuilder {
  readonly #words: number[] = [];
  readonly #strings: number[] = [0];
  readonly #known = new Map<string, number>([['', 0]]);
  #count = 0;

  string(text: string): number {
    let at = this.#known.get(text);
    if (at === undefined) {
      at = this.#strings.length;
      this.#strings.push(...new TextEncoder().encode(text), 0);
      this.#known.set(text, at);
    }
    return at;
  }

  raw(name: string, kind: number, vlen: number, flag: boolean, sizeOrType: number, ...rest: number[]): number {
    this.#words.push(this.string(name), ((flag ? 0x8000_0000 : 0) | (kind << 24) | vlen) >>> 0, sizeOrType, ...rest);
    return ++this.#count;
  }

  /** `encoding`: 1 signed, 4 bool. */
  int(name: string, size: number, encoding = 0, bits = size * 8, offset = 0): number {
    return this.raw(name, Kind.INT, 0, false, size, (encoding << 24) | (offset << 16) | bits);
  }

  float(name: string, size: number): number {
    return this.raw(name, Kind.FLOAT, 0, false, size);
  }

  ptr(target: number): number {
    return this.raw('', Kind.PTR, 0, false, target);
  }

  array(element: number, length: number): number {
    return this.raw('', Kind.ARRAY, 0, false, 0, element, 0, length);
  }

  struct(name: string, size: number, members: readonly MemberSpec[], kind: 4 | 5 = 4): number {
    const flag = members.some(({ bits }) => bits !== undefined);
    const words = members.flatMap((member) => [
      this.string(member.name),
      member.type,
      flag ? (((member.bits ?? 0) << 24) | member.offset) >>> 0 : member.offset,
    ]);
    return this.raw(name, kind, members.length, flag, size, ...words);
  }

  union(name: string, size: number, members: readonly MemberSpec[]): number {
    return this.struct(name, size, members, 5);
  }

  enum(name: string, size: number, values: Readonly<Record<string, number>>, signed = false): number {
    const words = Object.entries(values).flatMap(([key, value]) => [this.string(key), value >>> 0]);
    return this.raw(name, Kind.ENUM, words.length / 2, signed, size, ...words);
  }

  enum64(name: string, values: Readonly<Record<string, bigint>>, signed = false): number {
    const words = Object.entries(values).flatMap(([key, value]) => [
      this.string(key),
      Number(BigInt.asUintN(32, value)),
      Number(BigInt.asUintN(32, value >> 32n)),
    ]);
    return this.raw(name, Kind.ENUM64, words.length / 3, signed, 8, ...words);
  }

  typedef(name: string, target: number): number {
    return this.raw(name, Kind.TYPEDEF, 0, false, target);
  }

  modifier(kind: number, target: number, name = ''): number {
    return this.raw(name, kind, 0, false, target);
  }

  forward(name: string, union = false): number {
    return this.raw(name, Kind.FWD, 0, union, 0);
  }

  proto(result: number, parameters: readonly number[]): number {
    return this.raw('', Kind.FUNC_PROTO, parameters.length, false, result, ...parameters.flatMap((type) => [0, type]));
  }

  variable(name: string, type: number): number {
    return this.raw(name, Kind.VAR, 0, false, type, 1);
  }

  section(name: string, size: number, vars: readonly { type: number; offset: number; size: number }[]): number {
    const words = vars.flatMap((entry) => [entry.type, entry.offset, entry.size]);
    return this.raw(name, Kind.DATASEC, vars.length, false, size, ...words);
  }

  /** The finished BTF. `layout` adds a section with the sizes of kinds: pairs of fixed bytes and bytes per part. */
  bytes(layout?: readonly (readonly [fixed: number, each: number])[]): Uint8Array {
    const header = layout === undefined ? 24 : 32;
    const types = this.#words.length * 4;
    const extra = (layout?.length ?? 0) * 4;
    const out = new Uint8Array(header + types + extra + this.#strings.length);
    const view = new DataView(out.buffer);
    view.setUint16(0, MAGIC, true);
    view.setUint8(2, 1);
    view.setUint32(4, header, true);
    view.setUint32(12, types, true);
    view.setUint32(16, types + extra, true);
    view.setUint32(20, this.#strings.length, true);
    this.#words.forEach((word, i) => {
      view.setUint32(header + i * 4, word, true);
    });
    if (layout !== undefined) {
      view.setUint32(24, types, true);
      view.setUint32(28, extra, true);
      layout.forEach(([fixed, each], i) => {
        view.setUint8(header + types + i * 4, fixed);
        view.setUint8(header + types + i * 4 + 1, each);
      });
    }
    out.set(this.#strings, header + types + extra);
    return out;
  }
}
