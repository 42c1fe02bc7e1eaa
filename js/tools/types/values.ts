import { BtfError } from '../../btf/errors.ts';
import { shapeOf } from '../../btf/layout.ts';
import type { Btf } from '../../btf/mod.ts';
import type { Shape, StructShape } from '../../btf/shape.ts';
import { Enumerators } from './enumerators.ts';
import { comment, Identifiers, property } from './names.ts';

/** Anonymous structs whose type is longer than this get a name, or types that nest them would double with every level. */
const MAX_INLINE = 200;
/** Characters of declarations in all, counted where they are made. Those of the largest published objects have a few hundred thousand. */
const MAX_LENGTH = 16 << 20;

/**
 * The TypeScript type of the value that reading a C type gives. It walks the shapes that the decoders are generated from, so the
 * two cannot differ. Structs become interfaces, once for each name and layout.
 */
export class Values {
  readonly #btf: Btf;
  readonly #identifiers = new Identifiers();
  readonly #enumerators: Enumerators;
  readonly #known = new Map<Shape, string>();
  /** Name and members of each interface, to what it is called. */
  readonly #called = new Map<string, string>();
  readonly #interfaces: string[] = [];
  #usesUnion = false;
  #length = 0;

  constructor(btf: Btf) {
    this.#btf = btf;
    this.#enumerators = new Enumerators(btf);
  }

  /** The interfaces that the types so far mention, each after those in it. */
  get interfaces(): readonly string[] {
    return this.#interfaces;
  }

  /** Whether one of them is a union. */
  get usesUnion(): boolean {
    return this.#usesUnion;
  }

  /** The type of values of the BTF type `id`; `unknown`, with the reason, where it has none that could be read. */
  type(id: number): string {
    const shape = readableShape(this.#btf, id);
    return typeof shape === 'string' ? `unknown ${comment(shape)}` : this.of(shape);
  }

  /** The interface of the variables of a data section: names and types. */
  globals(section: string, vars: ReadonlyMap<string, number>): string {
    const identifier = this.#identifiers.take(section.replace(/^\./, ''));
    const members = [...vars].map(([name, typeId]) => {
      const shape = readableShape(this.#btf, typeId);
      if (typeof shape === 'string') return `  ${comment(shape)} ${property(name)}: unknown;`;
      return `  ${this.member(name, shape)}`;
    });
    this.#declare([comment(`Global variables in ${section}`), `export interface ${identifier} {`, ...members, '}']);
    return identifier;
  }

  /** The type of values of a shape. */
  of(shape: Shape): string {
    switch (shape.kind) {
      case 'int':
        return shape.size <= 4 ? 'number' : 'bigint';
      case 'bool':
        return 'boolean';
      case 'float':
        return 'number';
      case 'bits':
        return shape.value;
      case 'bytes':
        return shape.as;
      case 'array':
        return `${this.of(shape.element)}[]`;
      case 'none':
        return 'undefined';
      default:
        return this.#struct(shape);
    }
  }

  /** A member of an object type, on one line. */
  member(name: string, shape: Shape): string {
    const enumerators = this.#enumerators.of(shape);
    const c = enumerators === '' ? shape.name : `${shape.name}: ${enumerators}`;
    return this.#counted(`${comment(c)} ${property(name)}: ${this.of(shape)};`);
  }

  #struct(shape: StructShape): string {
    const known = this.#known.get(shape);
    if (known !== undefined) return known;
    const type = this.#newStruct(shape);
    this.#known.set(shape, type);
    return type;
  }

  #newStruct(shape: StructShape): string {
    const isUnion = shape.kind === 'union';
    this.#usesUnion ||= isUnion;
    const members = shape.fields.map((field) => this.member(field.name, field.shape));
    const name = shape.name.replace(/^(?:(?:const|volatile|restrict) )+/, '');
    const isAnonymous = name.endsWith('{…}');
    if (isAnonymous) {
      const inline = members.length === 0 ? 'Record<string, never>' : `{ ${members.join(' ')} }`;
      const type = isUnion ? `(Union & ${inline})` : inline;
      if (type.length <= MAX_INLINE) return type;
    }
    const key = `${shape.kind} ${name} ${members.join(' ')}`;
    const called = this.#called.get(key);
    if (called !== undefined) return called;
    const identifier = this.#identifiers.take(isAnonymous ? 'anonymous' : name.replace(/^(?:struct|union) /, ''));
    this.#called.set(key, identifier);
    this.#declare([
      comment(`${name}, ${shape.size} bytes`),
      `export interface ${identifier}${isUnion ? ' extends Union' : ''} {`,
      ...members.map((member) => `  ${member}`),
      '}',
    ]);
    return identifier;
  }

  #declare(lines: readonly string[]): void {
    this.#interfaces.push(this.#counted(lines.join('\n')));
  }

  #counted(text: string): string {
    this.#length += text.length;
    if (this.#length <= MAX_LENGTH) return text;
    throw new BtfError(`its declarations would be larger than ${MAX_LENGTH >> 20} MiB`);
  }
}

/** The shape of a type, or why it has none. */
export function readableShape(btf: Btf, id: number): Shape | string {
  try {
    return shapeOf(btf, id);
  } catch (error) {
    if (error instanceof BtfError) return error.message;
    throw error;
  }
}
