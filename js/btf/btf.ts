import { BtfError } from './errors.ts';
import { Kind, MAX_DEPTH, TYPE_BYTES } from './format.ts';
import { describeType, typeNameOf } from './names.ts';
import { kindOf, type Parsed, parse, vlenOf } from './parse.ts';
import { decodeUtf8 } from './utf8.ts';

/** One member of a struct or union as BTF stores it. */
export interface RawMember {
  readonly name: string;
  readonly typeId: number;
  /** From the start of the struct, in bits. */
  readonly bitOffset: number;
  /** Width of a bit field, 0 for everything else. */
  readonly bitSize: number;
}

/** One global variable of a data section. */
export interface Variable {
  readonly name: string;
  /** From the start of the section, in bytes. */
  readonly offset: number;
  readonly size: number;
  readonly typeId: number;
}

/** A data section (`.data`, `.rodata`, `.bss`, …) and its variables in the order of their offsets. */
export interface DataSection {
  readonly name: string;
  readonly size: number;
  readonly vars: readonly Variable[];
}

const MODIFIERS: ReadonlySet<number> = new Set([Kind.TYPEDEF, Kind.VOLATILE, Kind.CONST, Kind.RESTRICT, Kind.TYPE_TAG]);

/**
 * The types of one object. Parsing checks every id, name and length once; the rest reads on demand, so that a large BTF costs
 * what is used of it. Type ids count from 1; 0 is `void`.
 */
export class Btf {
  readonly #parsed: Parsed;
  #structs: Map<string, number> | undefined;

  private constructor(parsed: Parsed) {
    this.#parsed = parsed;
  }

  /** Parses the contents of an object's `.BTF` section as libbpf fixed it up. Throws {@link BtfError}. The bytes are copied. */
  static parse(bytes: Uint8Array): Btf {
    return new Btf(parse(bytes.slice()));
  }

  /** One more than the highest type id. */
  get typeCount(): number {
    return this.#parsed.offsets.length;
  }

  /** A number of {@link Kind}. */
  kind(id: number): number {
    return id === 0 ? Kind.VOID : kindOf(this.#word(id, 4));
  }

  /** The name as stored, `''` for an anonymous type. */
  name(id: number): string {
    return id === 0 ? 'void' : this.#string(this.#word(id, 0));
  }

  /** How many members, enumerators, parameters or variables the type has. */
  vlen(id: number): number {
    return id === 0 ? 0 : vlenOf(this.#word(id, 4));
  }

  /** The kind flag: signed for enums, bit fields present for structs, union for forward declarations. */
  flag(id: number): boolean {
    return id !== 0 && this.#word(id, 4) >>> 31 === 1;
  }

  /** Bytes of an integer, float, enum, struct, union or section. */
  size(id: number): number {
    return this.#word(id, 8);
  }

  /** The type that a pointer, modifier, typedef, variable, function or tag refers to. */
  target(id: number): number {
    return this.#word(id, 8);
  }

  /** The integer's `encoding`, and the bits it uses of its size. */
  int(id: number): { readonly encoding: number; readonly offset: number; readonly bits: number } {
    const word = this.#word(id, TYPE_BYTES);
    return { encoding: (word >>> 24) & 0xf, offset: (word >>> 16) & 0xff, bits: word & 0xff };
  }

  array(id: number): { readonly element: number; readonly length: number } {
    return { element: this.#word(id, TYPE_BYTES), length: this.#word(id, TYPE_BYTES + 8) };
  }

  /** Members of a struct or union in the order of the source. */
  members(id: number): RawMember[] {
    const hasBitFields = this.flag(id);
    return Array.from({ length: this.vlen(id) }, (_, i) => {
      const at = TYPE_BYTES + i * 12;
      const offset = this.#word(id, at + 8);
      return {
        name: this.#string(this.#word(id, at)),
        typeId: this.#word(id, at + 4),
        bitOffset: hasBitFields ? offset & 0xff_ffff : offset,
        bitSize: hasBitFields ? offset >>> 24 : 0,
      };
    });
  }

  /** Parameter types of a function prototype; a `0` at the end stands for `...`. */
  parameters(id: number): number[] {
    return Array.from({ length: this.vlen(id) }, (_, i) => this.#word(id, TYPE_BYTES + i * 8 + 4));
  }

  /** Enumerators of an enum of either width. */
  enumerators(id: number): { readonly name: string; readonly value: bigint }[] {
    const wide = this.kind(id) === Kind.ENUM64;
    const signed = this.flag(id);
    return Array.from({ length: this.vlen(id) }, (_, i) => {
      const at = TYPE_BYTES + i * (wide ? 12 : 8);
      const low = BigInt(this.#word(id, at + 4));
      const bits = wide ? low | (BigInt(this.#word(id, at + 8)) << 32n) : low;
      return { name: this.#string(this.#word(id, at)), value: signed ? BigInt.asIntN(wide ? 64 : 32, bits) : bits };
    });
  }

  /** The type below typedefs, qualifiers and type tags. */
  resolve(id: number): number {
    let at = id;
    for (let depth = 0; MODIFIERS.has(this.kind(at)); depth++) {
      if (depth === MAX_DEPTH)
        throw new BtfError(`type ${id} is a chain of more than ${MAX_DEPTH} typedefs and qualifiers`);
      at = this.target(at);
    }
    return at;
  }

  /** The type id of the struct, else union, else typedef of one, that has this name. */
  findStruct(name: string): number | undefined {
    this.#structs ??= this.#indexStructs();
    return this.#structs.get(name);
  }

  /** Names that {@link findStruct} finds. */
  listStructs(): string[] {
    this.#structs ??= this.#indexStructs();
    return [...this.#structs.keys()];
  }

  /** The type id of the function with this name. */
  findFunction(name: string): number | undefined {
    for (let id = 1; id < this.typeCount; id++) {
      if (this.kind(id) === Kind.FUNC && this.name(id) === name) return id;
    }
    return undefined;
  }

  /** The section of this name, `undefined` where the object has none. */
  section(name: string): DataSection | undefined {
    for (let id = 1; id < this.typeCount; id++) {
      if (this.kind(id) === Kind.DATASEC && this.name(id) === name) return this.#dataSection(id);
    }
    return undefined;
  }

  /** The type as C writes it: `struct event`, `__u8[16]`, `const char *`. */
  typeName(id: number): string {
    return typeNameOf(this, id);
  }

  /** The type's declaration in C on one line, nested types by name: `struct event { __u64 ts; char comm[16]; }`. */
  describe(id: number): string {
    return describeType(this, id);
  }

  #dataSection(id: number): DataSection {
    const vars: Variable[] = [];
    for (let i = 0; i < this.vlen(id); i++) {
      const at = TYPE_BYTES + i * 12;
      const variable = this.#word(id, at);
      // `.ksyms` lists functions too; they hold no data.
      if (this.kind(variable) !== Kind.VAR) continue;
      vars.push({
        name: this.name(variable),
        offset: this.#word(id, at + 4),
        size: this.#word(id, at + 8),
        typeId: this.target(variable),
      });
    }
    vars.sort((a, b) => a.offset - b.offset);
    return { name: this.name(id), size: this.size(id), vars };
  }

  #indexStructs(): Map<string, number> {
    const index = new Map<string, number>();
    for (const wanted of [Kind.STRUCT, Kind.UNION, Kind.TYPEDEF]) {
      for (let id = 1; id < this.typeCount; id++) {
        if (this.kind(id) !== wanted) continue;
        const name = this.name(id);
        if (name !== '' && !index.has(name) && this.#isComposite(id)) index.set(name, id);
      }
    }
    return index;
  }

  #isComposite(id: number): boolean {
    let at = id;
    for (let depth = 0; MODIFIERS.has(this.kind(at)); depth++) {
      if (depth === MAX_DEPTH) return false;
      at = this.target(at);
    }
    const kind = this.kind(at);
    return kind === Kind.STRUCT || kind === Kind.UNION;
  }

  #word(id: number, offset: number): number {
    const at = this.#parsed.offsets[id];
    if (id <= 0 || at === undefined)
      throw new BtfError(`there is no type ${id}; the last one is ${this.typeCount - 1}`);
    return this.#parsed.types.getUint32(at + offset, true);
  }

  #string(offset: number): string {
    const { strings } = this.#parsed;
    return decodeUtf8(strings, offset, strings.indexOf(0, offset));
  }
}
